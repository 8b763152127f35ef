/**
 * Pairs of images with key points of the same meaning, where images' features come from, and the cache that keeps them.
 * Begin at {@link io.github.dhf4j.data.KeypointPair} and {@link io.github.dhf4j.data.FeatureSource}. All of it may be
 * imported.
 */
@NullMarked
package io.github.dhf4j.data;

import org.jspecify.annotations.NullMarked;
