package io.github.dhf4j.feature;

/** How an image, or noise, is led through a network. */
public enum ProcessMode {
    /** DDIM inversion of a real image: from the clean latent to noise, deterministic. */
    INVERSION,
    /** DDIM generation of a synthetic image: from noise to the clean latent, with prompt and guidance. */
    GENERATION,
    /** Noise added to the clean latent in one go, then one call of the network; each timestep by itself. */
    NOISED,
    /** One call of a network that knows no timesteps, such as DINOv2: one saved index, 0. */
    FORWARD
}
