/**
 * A world of drawn figures with exact key points, for trying, training and testing where no data set is at hand: the
 * same seed gives the same pictures on every platform.
 */
@NullMarked
package io.github.dhf4j.eval.world;

import org.jspecify.annotations.NullMarked;
