package io.github.dhf4j.diffusion.process;

import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.JsonConfig;
import java.io.IOException;
import java.nio.file.Path;

/**
 * How much of an image is left at each timestep. Of a checkpoint's scheduler configuration only the betas, their
 * schedule and the prediction type are taken, whatever scheduler class it names.
 *
 * <p>Source: reference, extraction step 3: alphaBar_t = prod(1 - beta), 1 at t = -1; "leading" spacing, offset 0.
 */
public final class NoiseSchedule {
    private final double[] alphasCumprod;
    private final boolean vPrediction;

    private NoiseSchedule(double[] alphasCumprod, boolean vPrediction) {
        this.alphasCumprod = alphasCumprod;
        this.vPrediction = vPrediction;
    }

    /**
     * Reads a scheduler configuration.
     *
     * @param path {@code scheduler/scheduler_config.json}
     * @return the schedule
     * @throws IOException if it is missing or names betas or a prediction that is not supported
     */
    public static NoiseSchedule read(Path path) throws IOException {
        JsonObject json = Json.readObject(path);
        JsonConfig config = new JsonConfig(json, path.toString());
        String betas = config.oneOf("beta_schedule", "linear", "scaled_linear", "linear");
        String prediction = config.oneOf("prediction_type", "epsilon", "epsilon", "v_prediction");
        if (json.has("trained_betas") && !json.get("trained_betas").isJsonNull()) {
            throw new IOException("'trained_betas' must be null, got a list (" + path
                    + "); this library supports linear and scaled_linear betas");
        }
        int steps = config.integer("num_train_timesteps", 1000);
        double start = config.number("beta_start", 0.0001);
        double end = config.number("beta_end", 0.02);
        if (steps < 1 || steps > 100_000 || start <= 0 || end < start || end >= 1) {
            throw new IOException("betas must rise between 0 and 1 over the training timesteps, got " + start + " to "
                    + end + " over " + steps + " (" + path + "); fetch the file again");
        }
        return new NoiseSchedule(
                cumulate(steps, start, end, betas.equals("scaled_linear")), prediction.equals("v_prediction"));
    }

    /**
     * Stable Diffusion's own: 1000 timesteps, scaled linear betas from 0.00085 to 0.012, noise predicted.
     *
     * @return the schedule
     */
    public static NoiseSchedule stableDiffusion() {
        return new NoiseSchedule(cumulate(1000, 0.00085, 0.012, true), false);
    }

    private static double[] cumulate(int steps, double start, double end, boolean scaled) {
        double from = scaled ? Math.sqrt(start) : start;
        double to = scaled ? Math.sqrt(end) : end;
        double[] alphas = new double[steps];
        double product = 1;
        for (int t = 0; t < steps; t++) {
            double beta = steps == 1 ? from : from + (to - from) * t / (steps - 1);
            product *= 1 - (scaled ? beta * beta : beta);
            alphas[t] = product;
        }
        return alphas;
    }

    /**
     * The share of the image's power that is left.
     *
     * @param timestep -1 for the clean image, up to the last training timestep
     * @return the cumulative alpha
     */
    public double alphaCumprod(int timestep) {
        return timestep < 0 ? 1 : alphasCumprod[timestep];
    }

    /**
     * The number of training timesteps.
     *
     * @return 1000 for SD
     */
    public int trainTimesteps() {
        return alphasCumprod.length;
    }

    /**
     * Whether the network predicts v instead of noise.
     *
     * @return true for SD 2.x at 768
     */
    public boolean vPrediction() {
        return vPrediction;
    }
}
