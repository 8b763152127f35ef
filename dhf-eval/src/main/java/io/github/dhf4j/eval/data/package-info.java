/** Data sets of key-point pairs, read in place as they are distributed. */
@NullMarked
package io.github.dhf4j.eval.data;

import org.jspecify.annotations.NullMarked;
