/**
 * Data sets of key-point pairs, read in place as they are distributed. Begin at
 * {@link io.github.dhf4j.eval.data.PairDatasets}. All of it may be imported.
 */
@NullMarked
package io.github.dhf4j.eval.data;

import org.jspecify.annotations.NullMarked;
