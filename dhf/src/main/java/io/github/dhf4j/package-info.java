/**
 * The front door: two images in, correspondences out. Begin at {@link io.github.dhf4j.Hyperfeatures}; with a checkpoint of
 * your own at {@link io.github.dhf4j.DescriptorPipeline#builder}.
 *
 * <p>A program that matches images imports this package and, of what it is given, {@link io.github.dhf4j.matching},
 * {@link io.github.dhf4j.image} and {@link io.github.dhf4j.feature}. One that trains or scores adds
 * {@code io.github.dhf4j.aggregation}, {@code io.github.dhf4j.eval} and {@link io.github.dhf4j.data}; one that brings a network
 * implements {@link io.github.dhf4j.spi}. The packages {@code tensor}, {@code io} and {@code train} of dhf-core, and
 * {@code model} and {@code process} of dhf-diffusion, are public for those who build networks and trainers: they change with
 * less notice. Programs to copy are in the module dhf-examples.
 */
@NullMarked
package io.github.dhf4j;

import org.jspecify.annotations.NullMarked;
