package io.github.dhf4j.diffusion.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.tensor.ScriptModule;

/** The compiled scripts beside this class, and the few of its formulas that are not part of a network. */
public final class DiffusionOps {
    static final ScriptModule SCRIPT =
            ScriptModule.load(DiffusionOps.class, "bands.py", "diffusion.py").withLayers();

    private DiffusionOps() {}

    /** What comes after takes the place of what was before, which is freed. */
    static NDArray replace(NDArray before, NDArray after) {
        before.close();
        return after;
    }

    /**
     * One deterministic DDIM step between two timesteps, in either direction.
     *
     * <p>Source: reference, extraction steps 4, 5 and 7: x0 = (x - sqrt(1 - a) eps) / sqrt(a), then x = sqrt(a') x0 +
     * sqrt(1 - a') eps; for networks that predict v eps = sqrt(a) v + sqrt(1 - a) x and x0 = sqrt(a) x - sqrt(1 - a) v, which
     * is the same and holds at a = 0 too.
     *
     * @param x the latents, borrowed
     * @param output the network's output for them, borrowed
     * @param alpha cumulative alpha of the timestep the network saw
     * @param alphaNext cumulative alpha of the timestep to go to
     * @param vPrediction whether the output is v instead of noise
     * @return new latents, attached to those given
     */
    public static NDArray ddimStep(NDArray x, NDArray output, double alpha, double alphaNext, boolean vPrediction) {
        return SCRIPT.run(x.getManager(), "ddim_step", x, output, alpha, alphaNext, vPrediction);
    }

    /**
     * Classifier-free guidance: uncond + g (cond - uncond).
     *
     * @param uncond output for the negative prompt, borrowed
     * @param cond output for the prompt, borrowed
     * @param guidance g
     * @return the guided output, attached to {@code cond}'s manager
     */
    public static NDArray guide(NDArray uncond, NDArray cond, double guidance) {
        return SCRIPT.run(cond.getManager(), "guide", uncond, cond, guidance);
    }

    /**
     * The same of a batch whose first half is for the negative prompt and whose second is for the prompt.
     *
     * @param output of both, (2 B, C, h, w), borrowed
     * @param guidance g
     * @return (B, C, h, w), attached to the output's manager
     */
    public static NDArray guideHalves(NDArray output, double guidance) {
        return SCRIPT.run(output.getManager(), "guide_halves", output, guidance);
    }

    /**
     * The second half of a batch.
     *
     * @param feature (2 B, C, h, w), borrowed
     * @return (B, C, h, w), which may share its memory; attached to its manager
     */
    public static NDArray secondHalf(NDArray feature) {
        return SCRIPT.run(feature.getManager(), "second_half", feature);
    }

    /**
     * Noise added in one go: sqrt(a) x + sqrt(1 - a) noise.
     *
     * @param x clean latents, borrowed
     * @param noise of their shape, or of one image for all, borrowed
     * @param alpha cumulative alpha of the timestep
     * @return noisy latents, attached to those given
     */
    public static NDArray addNoise(NDArray x, NDArray noise, double alpha) {
        return SCRIPT.run(x.getManager(), "add_noise", x, noise, alpha);
    }

    /**
     * Pixels for the encoder.
     *
     * @param pixels (B, H, W, 3) uint8, borrowed
     * @param manager owns the result
     * @return (B, 3, H, W) float32 in [-1, 1]
     */
    public static NDArray encodePixels(NDArray pixels, NDManager manager) {
        return SCRIPT.run(manager, "encode_pixels", pixels);
    }
}
