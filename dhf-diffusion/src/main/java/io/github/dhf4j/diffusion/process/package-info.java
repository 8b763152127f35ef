/** The noise schedule, the seams of network and sampler, and the walks: inversion, generation, noise-then-denoise. */
@NullMarked
package io.github.dhf4j.diffusion.process;

import org.jspecify.annotations.NullMarked;
