package io.github.dhf4j.diffusion.process;

import ai.djl.ndarray.NDArray;
import io.github.dhf4j.diffusion.model.DiffusionOps;
import io.github.dhf4j.feature.ExtractionProcess;
import java.util.List;

/**
 * Deterministic DDIM in either direction: what the method walks with, whatever sampler a checkpoint names.
 *
 * <p>Source: reference, extraction steps 3 to 7.
 *
 * @param schedule how much of an image is left at each timestep
 */
public record Ddim(NoiseSchedule schedule) implements Sampler {
    @Override
    public List<NetworkCall> calls(ExtractionProcess process) {
        schedule.requireWalkable(process);
        return NetworkCall.of(process, schedule.trainTimesteps());
    }

    @Override
    public NDArray step(NDArray latents, NDArray output, NetworkCall call) {
        return DiffusionOps.ddimStep(
                latents,
                output,
                schedule.alphaCumprod(call.timestep()),
                schedule.alphaCumprod(call.next()),
                schedule.vPrediction());
    }

    @Override
    public NDArray noised(NDArray latents, NDArray noise, NetworkCall call) {
        return DiffusionOps.addNoise(latents, noise, schedule.alphaCumprod(call.timestep()));
    }
}
