/**
 * What every trainer needs: the loop of a run that lives in a folder ({@link io.github.dhf4j.train.TrainingRun} over a
 * {@link io.github.dhf4j.train.Trainee}, which {@link io.github.dhf4j.train.StageTrainee} is of networks whose gradients the
 * engine records), the optimiser with its state, learning rates, and seeded order. For who writes a
 * trainer; programs import {@link io.github.dhf4j.train.LearningRateSchedule} at most.
 */
@NullMarked
package io.github.dhf4j.train;

import org.jspecify.annotations.NullMarked;
