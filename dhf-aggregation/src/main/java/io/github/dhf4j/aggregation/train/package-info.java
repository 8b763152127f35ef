/**
 * Training an aggregation network: {@link io.github.dhf4j.aggregation.train.AggregatorTrainer} with its
 * {@link io.github.dhf4j.aggregation.train.TrainingSettings}, by a
 * {@link io.github.dhf4j.aggregation.train.DescriptorLoss}, the paper's on key-point pairs or one of yours; who validates
 * and who watches.
 *
 * <p>Source: the paper's section 3.2; reference, training.
 */
@NullMarked
package io.github.dhf4j.aggregation.train;

import org.jspecify.annotations.NullMarked;
