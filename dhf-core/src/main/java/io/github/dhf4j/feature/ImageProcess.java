package io.github.dhf4j.feature;

/** A process that begins with the latent of an image. */
public sealed interface ImageProcess extends ExtractionProcess permits Inversion, Noised, Clean {
    /**
     * Whether the latent is sampled instead of the mean of the encoder's distribution.
     *
     * @return true for a sample
     */
    boolean sampleLatent();

    /**
     * The seed of the sample, and of whatever noise the process adds.
     *
     * @return any
     */
    long seed();
}
