/** The noise schedule and the walks over it: inversion, generation, noise-then-denoise. */
@NullMarked
package io.github.dhf4j.diffusion.process;

import org.jspecify.annotations.NullMarked;
