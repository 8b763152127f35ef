package io.github.dhf4j.diffusion.process;

import com.google.gson.JsonObject;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.feature.ExtractionProcess;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.JsonConfig;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * How much of an image is left at each timestep, and what the network predicts. A checkpoint's scheduler configuration is
 * read as diffusers' {@code DDIMScheduler} reads it, whatever scheduler of betas it names: taken are
 * {@code num_train_timesteps}, {@code beta_start}, {@code beta_end}, {@code beta_schedule} (linear and scaled_linear),
 * {@code rescale_betas_zero_snr} and {@code prediction_type} (epsilon and v_prediction). Other values of these,
 * {@code trained_betas}, schedulers of other families (flow matching, EDM and the like), flow settings, continuous timesteps and keys that are not known are refused by name. Betas that are not there are DDIM's own,
 * 0.0001 to 0.02 and linear, where the scheduler's class has the same; else they are refused, never invented.
 *
 * <p>Ignored on purpose, since they change neither alphas nor the meaning of the network's output, only how diffusers'
 * samplers walk:
 *
 * <ul>
 *   <li>which timesteps are visited: {@code timestep_spacing}, {@code steps_offset}, {@code set_alpha_to_one},
 *       {@code original_inference_steps}, {@code use_karras_sigmas}, {@code use_exponential_sigmas},
 *       {@code use_beta_sigmas}, {@code use_lu_lambdas}, {@code sigma_min}, {@code sigma_max}, {@code final_sigmas_type},
 *       {@code lambda_min_clipped}, {@code interpolation_type}, {@code flow_shift}, {@code time_shift_type};
 *   <li>how a step is computed: {@code algorithm_type}, {@code solver_type}, {@code solver_order}, {@code solver_p},
 *       {@code predict_x0}, {@code predictor_order}, {@code corrector_order}, {@code tau_func},
 *       {@code disable_corrector}, {@code lower_order_final}, {@code euler_at_final}, {@code skip_prk_steps},
 *       {@code variance_type}, {@code noise_sampler_seed}, {@code eta}, {@code timestep_scaling};
 *   <li>what a sampler cuts off: {@code clip_sample}, {@code clip_sample_range}, {@code thresholding},
 *       {@code dynamic_thresholding_ratio}, {@code sample_max_value};
 *   <li>what is left of old versions: {@code tensor_format}.
 * </ul>
 *
 * <p>Source: reference, extraction step 3: alphaBar_t = prod(1 - beta), 1 at t = -1; "leading" spacing, offset 0. Lin et
 * al., arXiv 2305.08891, algorithm 1, for the rescaling.
 */
public final class NoiseSchedule {
    /** Schedulers whose own betas, where a file names none, are DDIM's. */
    private static final Set<String> LIKE_DDIM = Set.of(
            "DDIMScheduler",
            "DDIMInverseScheduler",
            "DDIMParallelScheduler",
            "DDPMScheduler",
            "DDPMParallelScheduler",
            "DEISMultistepScheduler",
            "DPMSolverMultistepScheduler",
            "DPMSolverMultistepInverseScheduler",
            "DPMSolverSinglestepScheduler",
            "EulerAncestralDiscreteScheduler",
            "EulerDiscreteScheduler",
            "LMSDiscreteScheduler",
            "PNDMScheduler",
            "SASolverScheduler",
            "UniPCMultistepScheduler");

    /** Schedulers of betas too, but with others of their own. */
    private static final Set<String> WITH_BETAS = Set.of(
            "DPMSolverSDEScheduler",
            "HeunDiscreteScheduler",
            "KDPM2AncestralDiscreteScheduler",
            "KDPM2DiscreteScheduler",
            "LCMScheduler",
            "TCDScheduler");

    private static final String[] IGNORED = {
        "timestep_spacing",
        "steps_offset",
        "set_alpha_to_one",
        "original_inference_steps",
        "use_karras_sigmas",
        "use_exponential_sigmas",
        "use_beta_sigmas",
        "use_lu_lambdas",
        "sigma_min",
        "sigma_max",
        "final_sigmas_type",
        "lambda_min_clipped",
        "interpolation_type",
        "flow_shift",
        "time_shift_type",
        "algorithm_type",
        "solver_type",
        "solver_order",
        "solver_p",
        "predict_x0",
        "predictor_order",
        "corrector_order",
        "tau_func",
        "disable_corrector",
        "lower_order_final",
        "euler_at_final",
        "skip_prk_steps",
        "variance_type",
        "noise_sampler_seed",
        "eta",
        "timestep_scaling",
        "clip_sample",
        "clip_sample_range",
        "thresholding",
        "dynamic_thresholding_ratio",
        "sample_max_value",
        "tensor_format"
    };

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
     * @throws IOException if it is missing, of another family, or names betas or a prediction that is not supported
     */
    public static NoiseSchedule read(Path path) throws IOException {
        JsonObject json = Json.readPythonObject(path);
        JsonConfig config = new JsonConfig(json, path.toString());
        requireBetas(config.text("_class_name", ""), json, path);
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
        boolean rescaled = config.flag("rescale_betas_zero_snr", false);
        config.expect("timestep_type", "discrete")
                .expect("predict_epsilon", true)
                .ignore("trained_betas")
                .ignore(IGNORED);
        config.finish();
        double[] alphas = cumulate(steps, start, end, betas.equals("scaled_linear"));
        if (rescaled && alphas[steps - 1] >= alphas[0]) {
            throw new IOException("'rescale_betas_zero_snr' must be false where alphas do not fall, got true over "
                    + steps + " training timesteps (" + path + "); fetch the file again");
        }
        return new NoiseSchedule(rescaled ? zeroAtTheEnd(alphas) : alphas, prediction.equals("v_prediction"));
    }

    private static void requireBetas(String type, JsonObject json, Path path) throws IOException {
        if (!type.isEmpty() && !LIKE_DDIM.contains(type) && !WITH_BETAS.contains(type)) {
            throw new IOException("'_class_name' must be a scheduler of betas, such as DDIMScheduler, got '"
                    + Texts.shown(type) + "' (" + path + ")" + UNet2DConditionConfig.SUPPORTED);
        }
        for (String key : List.of("beta_start", "beta_end", "beta_schedule")) {
            if (!LIKE_DDIM.contains(type) && (!json.has(key) || json.get(key).isJsonNull())) {
                throw new IOException(
                        "'" + key + "' must be given" + (type.isEmpty() ? "" : " for " + type) + ", got nothing ("
                                + path + "); fetch the file again, or write what the network was trained with");
            }
        }
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

    /** Shifted and scaled so that the last is 0 and the first stays. */
    private static double[] zeroAtTheEnd(double[] alphas) {
        double first = Math.sqrt(alphas[0]);
        double last = Math.sqrt(alphas[alphas.length - 1]);
        double[] rescaled = new double[alphas.length];
        for (int t = 0; t < alphas.length; t++) {
            double root = (Math.sqrt(alphas[t]) - last) * first / (first - last);
            rescaled[t] = root * root;
        }
        return rescaled;
    }

    /**
     * Says that a process can be walked. Where nothing of the image is left, a network that predicts noise says nothing
     * of the image either.
     *
     * @param process any but forward
     * @throws IllegalArgumentException if there are more timesteps than the network was trained with, or a call that is
     *     gone on from sees nothing but noise and predicts noise
     */
    public void requireWalkable(ExtractionProcess process) {
        for (NetworkCall call : NetworkCall.of(process, trainTimesteps())) {
            if (process.walks() && !vPrediction && alphaCumprod(call.timestep()) == 0) {
                throw new IllegalArgumentException("timesteps must pass over " + call.timestep()
                        + ", where nothing of the image is left and predicted noise says nothing, got "
                        + process.timesteps()
                        + "; take at most " + trainTimesteps() / 2);
            }
        }
    }

    /**
     * The share of the image's power that is left.
     *
     * @param timestep -1 for the clean image, up to the last training timestep
     * @return the cumulative alpha; 0 at the last timestep of a schedule that was rescaled so
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
