/**
 * Training a latent diffusion pipeline from nothing, through the network classes that run Stable Diffusion: captioned
 * pictures, then the autoencoder, then the denoising network with its text encoder, then a folder in the diffusers
 * layout.
 */
@NullMarked
package io.github.dhf4j.diffusion.train;

import org.jspecify.annotations.NullMarked;
