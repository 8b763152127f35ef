/**
 * The aggregation network: a bottleneck a layer, a mixing weight a map, one descriptor map out. Found through the front door
 * by itself; for a program of its own begin at {@link io.github.dhf4j.aggregation.Aggregator}. All of it may be imported.
 *
 * <p>Source: the paper's section 3.2; reference, aggregation.
 */
@NullMarked
package io.github.dhf4j.aggregation;

import org.jspecify.annotations.NullMarked;
