package io.github.dhf4j.diffusion.train;

import static io.github.dhf4j.diffusion.train.TrainingOps.SCRIPT;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.dhf4j.diffusion.model.CLIPTextConfig;
import io.github.dhf4j.diffusion.model.CLIPTextModel;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.diffusion.model.TextConditioning;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.diffusion.process.GaussianNoise;
import io.github.dhf4j.diffusion.process.NoiseSchedule;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.tensor.Autograd;
import io.github.dhf4j.train.SeededOrder;
import io.github.dhf4j.train.StageSettings;
import io.github.dhf4j.train.StageTrainee;
import io.github.dhf4j.train.TrainableParameters;
import io.github.dhf4j.train.Trainee;
import io.github.dhf4j.train.TrainingRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * The second stage: the denoising network and the text encoder, together, predict the noise in latents. Shapes: B batch,
 * Z latent channels, h x w latent size. A batch's timesteps are spread over the schedule, one in each B-th part of it.
 *
 * <p>Source: Ho et al., arXiv 2006.11239, algorithm 1; captions left out part of the time after Ho and Salimans, arXiv
 * 2207.12598.
 */
final class DenoiserTrainer {
    /** The captions of all pictures as token ids, and the empty caption's. */
    record Prompts(long[][] captions, long[] empty) {}

    private final PipelineTrainingSettings settings;
    private final NDArray moments;
    private final double scale;
    private final Prompts prompts;
    private final TrainableParameters parameters;
    private final UNet2DConditionModel unet;
    private final CLIPTextModel text;
    private final NoiseSchedule schedule = NoiseSchedule.stableDiffusion();
    private final SeededOrder order;

    /** {@code moments} (pictures, 2 Z, h, w) are the autoencoder's, before {@code scale}; borrowed. */
    DenoiserTrainer(
            UNet2DConditionConfig unet,
            CLIPTextConfig text,
            PipelineTrainingSettings settings,
            NDArray moments,
            double scale,
            Prompts prompts,
            TrainableParameters parameters) {
        this.settings = settings;
        this.moments = moments;
        this.scale = scale;
        this.prompts = prompts;
        this.parameters = parameters;
        this.unet = new UNet2DConditionModel(unet, DenoiserKeys.unet(parameters.weights()));
        this.text = new CLIPTextModel(text, DenoiserKeys.text(parameters.weights()));
        this.order = new SeededOrder(settings.seed(), prompts.captions.length);
    }

    void run(Path folder, JsonObject run, RunMonitor monitor) throws IOException {
        try (unet;
                text) {
            StageSettings stage = settings.denoiser();
            Trainee trainee = new StageTrainee(stage, parameters, this::addGradients);
            new TrainingRun("denoiser", stage.plan(), trainee, run, monitor).run(folder);
        }
    }

    private double addGradients(int step) {
        int batch = settings.denoiser().batch();
        Random random = new Random(SeededOrder.mix(settings.seed(), step));
        long[] pictures = new long[batch];
        long[][] tokens = new long[batch][];
        float[] timesteps = new float[batch];
        float[] alphas = new float[batch];
        float[] weights = new float[batch];
        for (int i = 0; i < batch; i++) {
            int picture = order.item((long) step * batch + i);
            pictures[i] = picture;
            tokens[i] = random.nextDouble() < settings.emptyPrompt() ? prompts.empty : prompts.captions[picture];
            int timestep = (int) ((i + random.nextDouble()) / batch * schedule.trainTimesteps());
            timesteps[i] = timestep;
            double alpha = schedule.alphaCumprod(timestep);
            alphas[i] = (float) alpha;
            weights[i] = (float) weight(alpha / (1 - alpha), settings.snrGamma());
        }
        Shape shape = new Shape(
                batch,
                moments.getShape().get(1) / 2,
                moments.getShape().get(2),
                moments.getShape().get(3));
        try (NDManager work = parameters.manager().newSubManager();
                Autograd autograd = Autograd.record()) {
            NDArray noise = noise(work, random, shape);
            NDArray sample = GaussianNoise.draw(work, random.nextLong(), shape);
            NDArray noisy = SCRIPT.run(
                    work, "noisy_latents", moments, work.create(pictures), sample, noise, work.create(alphas), scale);
            NDArray embedded = text.encode(tokens, work);
            try (TextConditioning conditioning = unet.condition(embedded)) {
                NDArray predicted = unet.forward(noisy, work.create(timesteps), conditioning, FeatureTaps.NONE, true);
                if (predicted == null) {
                    throw new IllegalStateException("the network gave no output where one was needed");
                }
                NDArray loss = SCRIPT.run(work, "squared_difference", predicted, noise, work.create(weights));
                autograd.backward(loss);
                return loss.getFloat();
            }
        }
    }

    private NDArray noise(NDManager work, Random random, Shape shape) {
        NDArray noise = GaussianNoise.draw(work, random.nextLong(), shape);
        if (settings.noiseOffset() == 0) {
            return noise;
        }
        NDArray offset = GaussianNoise.draw(work, random.nextLong(), new Shape(shape.get(0), shape.get(1), 1, 1));
        return SCRIPT.run(work, "offset", noise, offset, settings.noiseOffset());
    }

    /** What a timestep's loss counts. */
    static double weight(double signalToNoise, double gamma) {
        return gamma == 0 ? 1 : Math.min(signalToNoise, gamma) / signalToNoise;
    }
}
