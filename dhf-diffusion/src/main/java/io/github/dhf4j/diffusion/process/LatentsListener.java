package io.github.dhf4j.diffusion.process;

import ai.djl.ndarray.NDArray;

/** Follows the latents through a process. While one listens, the process runs to its end. */
@FunctionalInterface
public interface LatentsListener {
    /**
     * Takes the latents after a call.
     *
     * @param call the call
     * @param latents (B, C, h, w), borrowed for the call
     */
    void after(NetworkCall call, NDArray latents);
}
