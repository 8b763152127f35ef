package io.github.dhf4j.diffusion.process;

import ai.djl.ndarray.NDArray;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.feature.ExtractionProcess;
import io.github.dhf4j.image.Size;
import org.jspecify.annotations.Nullable;

/** A denoising network that a process can be walked with, whatever its family. Safe for several threads. */
public interface Denoiser {
    /**
     * How many decoder layers can be tapped.
     *
     * @return L, 12 for SD
     */
    int layers();

    /**
     * How many features can be tapped: the layers, the outputs of up blocks, and those of decoder blocks.
     *
     * @return L or more
     */
    int taps();

    /**
     * The width of a feature.
     *
     * @param tap 1..L for a layer, L + 1 and on for the outputs of up blocks, after these for decoder blocks
     * @return channels
     */
    int tapChannels(int tap);

    /**
     * The width of the latents.
     *
     * @return channels, 4 for SD
     */
    int inChannels();

    /**
     * The network, told all that a process tells it beside the timestep: the same at every timestep. The first time it gets
     * ready for latents of this size; no thread has begun to use it then.
     *
     * @param process its prompts and guidance
     * @param latents (B, C, h, w), which it will be called with, borrowed
     * @param size of the images, in pixels
     * @return the caller closes it
     */
    Conditioned condition(ExtractionProcess process, NDArray latents, Size size);

    /** A network that was told what to draw. */
    interface Conditioned extends AutoCloseable {
        /**
         * One call.
         *
         * @param latents (B, C, h, w), borrowed
         * @param timestep what the network is told, -1..999
         * @param taps listens at the decoder
         * @param needsOutput whether the prediction is needed; if not, the call ends at the last tapped feature
         * @return the prediction (B, C, h, w), attached to the latents' manager, or null if it was not needed
         */
        @Nullable
        NDArray forward(NDArray latents, int timestep, FeatureTaps taps, boolean needsOutput);

        @Override
        void close();
    }
}
