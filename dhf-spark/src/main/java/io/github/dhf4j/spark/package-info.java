/**
 * Descriptors, matches, labels and scores of many pictures on Apache Spark, by the library's own classes: {@link
 * io.github.dhf4j.spark.DescribeImages}, {@link io.github.dhf4j.spark.MatchImages}, {@link
 * io.github.dhf4j.spark.TransferAnnotations}, {@link io.github.dhf4j.spark.EvaluatePairs}.
 *
 * @serial exclude
 */
@NullMarked
package io.github.dhf4j.spark;

import org.jspecify.annotations.NullMarked;
