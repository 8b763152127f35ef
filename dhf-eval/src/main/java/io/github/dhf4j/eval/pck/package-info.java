/** Scores: the share of points that are found where they belong, its uncertainty, and how two methods compare. */
@NullMarked
package io.github.dhf4j.eval.pck;

import org.jspecify.annotations.NullMarked;
