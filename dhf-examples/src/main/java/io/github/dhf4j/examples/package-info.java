/**
 * Example programs: each is one file that shows one use of the library, to be read and copied, not imported. In the order of
 * reading: {@link io.github.dhf4j.examples.MatchTwoImages}, {@link io.github.dhf4j.examples.DescribeOnceMatchMany},
 * {@link io.github.dhf4j.examples.EvaluatePck}, {@link io.github.dhf4j.examples.TrainAnAggregator},
 * {@link io.github.dhf4j.examples.SegmentParts}, {@link io.github.dhf4j.examples.BackboneOfYourOwn}.
 */
@NullMarked
package io.github.dhf4j.examples;

import org.jspecify.annotations.NullMarked;
