/**
 * Feature maps on their way from a network to a descriptor: what emits them, what keeps them, what sums them. Begin at
 * {@link io.github.dhf4j.feature.ExtractionSettings} (which maps), {@link io.github.dhf4j.feature.DescriptorMap} (what comes
 * out and can be kept) and, for the way between, {@link io.github.dhf4j.feature.FeatureExtractor}. All of it may be imported.
 */
@NullMarked
package io.github.dhf4j.feature;

import org.jspecify.annotations.NullMarked;
