/**
 * The aggregation network: a bottleneck a layer, a mixing weight a map, one descriptor map out.
 *
 * <p>Source: the paper's section 3.2; reference, aggregation.
 */
@NullMarked
package io.github.dhf4j.aggregation;

import org.jspecify.annotations.NullMarked;
