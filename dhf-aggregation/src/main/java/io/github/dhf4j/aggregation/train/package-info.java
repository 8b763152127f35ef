/**
 * Training an aggregation network on key-point pairs: {@link io.github.dhf4j.aggregation.train.AggregatorTrainer} with
 * its {@link io.github.dhf4j.aggregation.train.TrainingSettings}, the loss and its gradients, who validates and who
 * watches.
 *
 * <p>Source: the paper's section 3.2; reference, training.
 */
@NullMarked
package io.github.dhf4j.aggregation.train;

import org.jspecify.annotations.NullMarked;
