package io.github.dhf4j.diffusion.train;

import static io.github.dhf4j.diffusion.train.TrainingOps.SCRIPT;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.dhf4j.diffusion.model.AutoencoderKL;
import io.github.dhf4j.diffusion.model.AutoencoderKLConfig;
import io.github.dhf4j.diffusion.model.DiffusionOps;
import io.github.dhf4j.diffusion.process.GaussianNoise;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.tensor.Autograd;
import io.github.dhf4j.train.SeededOrder;
import io.github.dhf4j.train.StageSettings;
import io.github.dhf4j.train.StageTrainee;
import io.github.dhf4j.train.TrainableParameters;
import io.github.dhf4j.train.Trainee;
import io.github.dhf4j.train.TrainingRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;

/**
 * The first stage: an autoencoder whose latents are near a unit Gaussian. Loss: absolute and squared difference of the
 * pixels, half the absolute difference of their slopes, and a little of the divergence from the Gaussian. Source: latent
 * diffusion, arXiv 2112.10752, section 3.1. Differs: neither perceptual nor adversarial loss, which want networks of
 * their own; the slopes stand in for them.
 */
final class AutoencoderTrainer {
    private static final double SLOPES = 0.5;
    private static final double DIVERGENCE = 1.2e-3;

    private final AutoencoderKLConfig config;
    private final PipelineTrainingSettings settings;
    private final CaptionedPictures pictures;
    private final TrainableParameters parameters;
    private final AutoencoderKL network;
    private final SeededOrder order;

    AutoencoderTrainer(
            AutoencoderKLConfig config,
            PipelineTrainingSettings settings,
            CaptionedPictures pictures,
            TrainableParameters parameters) {
        this.config = config;
        this.settings = settings;
        this.pictures = pictures;
        this.parameters = parameters;
        this.network = new AutoencoderKL(config, parameters.weights());
        this.order = new SeededOrder(settings.seed(), pictures.size());
    }

    void run(Path folder, JsonObject run, RunMonitor monitor) throws IOException {
        try (network) {
            StageSettings stage = settings.autoencoder();
            Trainee trainee = new StageTrainee(stage, parameters, this::addGradients);
            new TrainingRun("autoencoder", stage.plan(), trainee, run, monitor).run(folder);
        }
    }

    private double addGradients(int step) {
        int batch = settings.autoencoder().batch();
        int crop = settings.crop();
        Random random = new Random(SeededOrder.mix(settings.seed(), step));
        ByteBuffer bytes = ByteBuffer.allocateDirect(batch * 3 * crop * crop);
        for (int i = 0; i < batch; i++) {
            int free = pictures.side() - crop + 1;
            pictures.put(order.item((long) step * batch + i), random.nextInt(free), random.nextInt(free), crop, bytes);
        }
        int side = crop / config.factor();
        Shape latents = new Shape(batch, config.latentChannels(), side, side);
        try (NDManager work = parameters.manager().newSubManager();
                Autograd autograd = Autograd.record();
                NDArray raw = work.create(bytes.flip(), new Shape(batch, crop, crop, 3), DataType.UINT8)) {
            NDArray pixels = DiffusionOps.encodePixels(raw, work);
            NDArray moments = network.encode(pixels);
            NDArray noise = GaussianNoise.draw(work, random.nextLong(), latents);
            NDArray decoded = network.decode(network.latentSample(moments, noise));
            NDArray loss = SCRIPT.run(work, "autoencoder_loss", decoded, pixels, moments, SLOPES, DIVERGENCE);
            autograd.backward(loss);
            return loss.getFloat();
        }
    }
}
