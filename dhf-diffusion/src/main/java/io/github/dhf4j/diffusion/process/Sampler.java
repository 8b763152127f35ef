package io.github.dhf4j.diffusion.process;

import ai.djl.ndarray.NDArray;
import io.github.dhf4j.feature.ExtractionProcess;
import java.util.List;

/** Which calls a process makes, and how latents go from one to the next. */
public interface Sampler {
    /**
     * All calls of a process, in order.
     *
     * @param process any but forward
     * @return T calls
     * @throws IllegalArgumentException if the process cannot be walked so
     */
    List<NetworkCall> calls(ExtractionProcess process);

    /**
     * The latents after a call.
     *
     * @param latents what the network saw, (B, C, h, w), borrowed
     * @param output what it gave, borrowed
     * @param call the call
     * @return new latents, attached to those given
     */
    NDArray step(NDArray latents, NDArray output, NetworkCall call);

    /**
     * The latents that a call sees, made of clean ones in one go.
     *
     * @param latents clean, (B, C, h, w), borrowed
     * @param noise (B or 1, C, h, w) of unit variance, borrowed
     * @param call the call
     * @return new latents, attached to those given
     */
    NDArray noised(NDArray latents, NDArray noise, NetworkCall call);
}
