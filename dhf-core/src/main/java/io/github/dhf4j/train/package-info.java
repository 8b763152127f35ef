/**
 * What every trainer needs: the optimiser with its state, learning rates, and seeded order. For who writes a trainer;
 * programs import {@link io.github.dhf4j.train.LearningRateSchedule} at most.
 */
@NullMarked
package io.github.dhf4j.train;

import org.jspecify.annotations.NullMarked;
