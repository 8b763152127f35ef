/**
 * Stable Diffusion as a source of features: a checkpoint folder opened, images led through a process, feature maps pushed on.
 * Found through the front door by itself; for a program of its own begin at
 * {@link io.github.dhf4j.diffusion.DiffusionFeatureExtractor} or {@link io.github.dhf4j.diffusion.StableDiffusion}. May be
 * imported: this package and {@code train}; {@code model} and {@code process} are the inside.
 */
@NullMarked
package io.github.dhf4j.diffusion;

import org.jspecify.annotations.NullMarked;
