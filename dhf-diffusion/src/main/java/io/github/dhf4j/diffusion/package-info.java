/** Stable Diffusion as a source of features: a checkpoint folder opened, images led through a process, feature maps pushed on. */
@NullMarked
package io.github.dhf4j.diffusion;

import org.jspecify.annotations.NullMarked;
