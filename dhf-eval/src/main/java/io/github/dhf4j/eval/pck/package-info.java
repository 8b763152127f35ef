/**
 * Scores: the share of points that are found where they belong, its uncertainty, and how two methods compare. Begin at
 * {@link io.github.dhf4j.eval.pck.Finders} (the methods) and {@link io.github.dhf4j.eval.pck.Evaluator}; data sets are read
 * by {@link io.github.dhf4j.eval.data.PairDatasets}. All of it may be imported.
 */
@NullMarked
package io.github.dhf4j.eval.pck;

import org.jspecify.annotations.NullMarked;
