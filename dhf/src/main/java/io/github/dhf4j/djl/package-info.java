/**
 * The library as a DJL model: {@link io.github.dhf4j.djl.DescriptorCriteria} for programs that load models by criteria,
 * {@link io.github.dhf4j.djl.DescriptorBlockFactory} and {@link io.github.dhf4j.djl.DescriptorTranslatorFactory} by their names in
 * the {@code serving.properties} of a model that DJL Serving hosts.
 */
@NullMarked
package io.github.dhf4j.djl;

import org.jspecify.annotations.NullMarked;
