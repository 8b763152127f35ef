/**
 * What a module implements to be found by the front door through {@link java.util.ServiceLoader}. Begin at
 * {@link io.github.dhf4j.spi.FeatureExtractorProvider}; programs that only use networks import nothing of this package.
 */
@NullMarked
package io.github.dhf4j.spi;

import org.jspecify.annotations.NullMarked;
