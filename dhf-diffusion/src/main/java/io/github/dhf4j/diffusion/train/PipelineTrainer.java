package io.github.dhf4j.diffusion.train;

import static io.github.dhf4j.diffusion.train.TrainingOps.SCRIPT;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.dhf4j.diffusion.ClipTokenizer;
import io.github.dhf4j.diffusion.model.AutoencoderKL;
import io.github.dhf4j.diffusion.model.AutoencoderKLConfig;
import io.github.dhf4j.diffusion.model.CLIPTextConfig;
import io.github.dhf4j.diffusion.model.CLIPTextModel;
import io.github.dhf4j.diffusion.model.DiffusionOps;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.tensor.TorchEngine;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.TrainableParameters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains a pipeline of Stable Diffusion's structure from nothing on captioned pictures: first the autoencoder, then, on
 * its latents, the denoising network with the text encoder. What is kept is the moving average of the weights.
 *
 * <p>A run lives in a folder: {@code autoencoder/} and {@code denoiser/} with checkpoint and metrics, {@code
 * latents.safetensors}, and in the end {@code pipeline/}, a checkpoint in the diffusers layout. The same call on the same
 * folder resumes a run that was killed, and ends with the weights of one that was not: bit for bit, on the same machine
 * and thread count.
 */
public final class PipelineTrainer {
    /** The folder in a run's folder that holds the trained pipeline. */
    public static final String PIPELINE = "pipeline";

    private static final List<String> BRANCH_ENDS = List.of(".conv2.weight", ".proj_out.weight", "conv_out.weight");
    private static final int ENCODED_AT_ONCE = 16;

    private final PipelineForm form;
    private final PipelineTrainingSettings settings;
    private final CaptionedPictures pictures;
    private final RunMonitor monitor;

    /**
     * Prepares a training.
     *
     * @param form the networks' sizes
     * @param settings how they are trained
     * @param pictures what they are trained on, of the form's side
     * @param monitor hears of progress, one step an optimiser step, and can cancel
     */
    public PipelineTrainer(
            PipelineForm form, PipelineTrainingSettings settings, CaptionedPictures pictures, RunMonitor monitor) {
        if (pictures.side() != form.side() || settings.crop() > form.side()) {
            throw new IllegalArgumentException("pictures must be of the form's side " + form.side()
                    + " and crops not larger, got " + pictures.side() + " and " + settings.crop());
        }
        this.form = form;
        this.settings = settings;
        this.pictures = pictures;
        this.monitor = monitor;
    }

    /**
     * Trains, or goes on.
     *
     * @param folder where the run lives
     * @return the trained pipeline's folder
     * @throws IOException if a file cannot be read or written, or the folder is of another run
     */
    public Path run(Path folder) throws IOException {
        Files.createDirectories(folder);
        // what each stage depends on, so that the second can be begun anew without the first
        JsonObject first = new JsonObject();
        first.addProperty("pictures", pictures.size());
        first.addProperty("pictures_digest", pictures.fingerprint());
        first.addProperty("seed", settings.seed());
        first.add("vae", form.vae().toJson());
        first.addProperty("crop", settings.crop());
        first.add("autoencoder", settings.autoencoder().toJson());
        JsonObject run = first.deepCopy();
        run.addProperty("captions_digest", pictures.captionFingerprint());
        run.add("text_encoder", form.text().toJson(0, 0));
        run.add("unet", form.unet().toJson());
        run.addProperty("empty_prompt", settings.emptyPrompt());
        run.addProperty("snr_gamma", settings.snrGamma());
        run.addProperty("noise_offset", settings.noiseOffset());
        run.add("denoiser", settings.denoiser().toJson());
        TorchRuntime runtime = TorchRuntime.best();
        try (NDManager base = runtime.newManager();
                TrainableParameters vae = parameters(
                        AutoencoderKL.parameterShapes(form.vae()),
                        List.of(),
                        settings.autoencoder(),
                        base.newSubManager())) {
            new AutoencoderTrainer(form.vae(), settings, pictures, vae)
                    .run(folder.resolve("autoencoder"), first, monitor);
            NDArray moments = moments(folder, vae, first, base);
            double scale = 1 / SCRIPT.run(base, "deviation", moments).getFloat();
            CaptionVocabulary vocabulary = CaptionVocabulary.learn(pictures.captions());
            CLIPTextConfig text = form.text(vocabulary);
            try (TrainableParameters denoiser =
                    parameters(denoiserShapes(text), BRANCH_ENDS, settings.denoiser(), base.newSubManager())) {
                new DenoiserTrainer(form.unet(), text, settings, moments, scale, prompts(folder, vocabulary), denoiser)
                        .run(folder.resolve("denoiser"), run, monitor);
                return write(folder, vocabulary, form.vae().withScalingFactor(scale), vae, denoiser, run);
            }
        }
    }

    private Map<String, long[]> denoiserShapes(CLIPTextConfig text) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        UNet2DConditionModel.parameterShapes(form.unet())
                .forEach((name, shape) -> shapes.put(DenoiserTrainer.UNET + name, shape));
        CLIPTextModel.parameterShapes(text).forEach((name, shape) -> shapes.put(DenoiserTrainer.TEXT + name, shape));
        return shapes;
    }

    private TrainableParameters parameters(
            Map<String, long[]> shapes, List<String> zeroEndings, StageSettings stage, NDManager manager) {
        return new TrainableParameters(
                WeightInitialization.draw(shapes, zeroEndings, settings.seed(), manager),
                new AdamW.Settings(0.9, 0.99, 1e-8, stage.weightDecay()),
                manager);
    }

    /** The part of a map whose names begin with a prefix, by the names after it. */
    static Map<String, NDArray> under(String prefix, Map<String, NDArray> arrays) {
        Map<String, NDArray> part = new LinkedHashMap<>();
        arrays.forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), array);
            }
        });
        return part;
    }

    /** What the autoencoder makes of every picture, (pictures, 2 Z, h, w): made once, then read. */
    private NDArray moments(Path folder, TrainableParameters vae, JsonObject run, NDManager base) throws IOException {
        Path file = folder.resolve("latents.safetensors");
        String key = Digests.of(run.toString());
        if (Files.exists(file)) {
            try (TensorFile kept = TensorFile.open(file)) {
                if (key.equals(kept.metadata().get("run"))) {
                    return kept.read("moments", base, DataType.FLOAT32);
                }
            }
        }
        AutoencoderKLConfig config = form.vae();
        int side = form.side();
        int latent = form.unet().sampleSize();
        NDArray moments = base.zeros(new Shape(pictures.size(), 2L * config.latentChannels(), latent, latent));
        monitor.start("encoding", pictures.size());
        try (AutoencoderKL network = new AutoencoderKL(config, vae.averages())) {
            for (int i = 0; i < pictures.size(); i += ENCODED_AT_ONCE) {
                monitor.checkCancelled();
                int count = Math.min(ENCODED_AT_ONCE, pictures.size() - i);
                ByteBuffer bytes = ByteBuffer.allocateDirect(count * 3 * side * side);
                for (int k = 0; k < count; k++) {
                    pictures.put(i + k, 0, 0, side, bytes);
                }
                try (NDManager work = base.newSubManager()) {
                    NDArray raw = work.create(bytes.flip(), new Shape(count, side, side, 3), DataType.UINT8);
                    NDArray found = network.encode(DiffusionOps.encodePixels(raw, work));
                    SCRIPT.test("put", moments, i, found);
                }
                monitor.step(i + count);
            }
        }
        monitor.end();
        new SafeTensorsWriter().metadata("run", key).tensor("moments", moments).write(file);
        return moments;
    }

    private DenoiserTrainer.Prompts prompts(Path folder, CaptionVocabulary vocabulary) throws IOException {
        Path tokenizer = folder.resolve("tokenizer");
        vocabulary.write(tokenizer, form.text().maxPositions());
        try (ClipTokenizer words = ClipTokenizer.open(tokenizer, form.text().maxPositions())) {
            Map<String, long[]> known = new LinkedHashMap<>();
            long[][] captions = new long[pictures.size()][];
            for (int i = 0; i < captions.length; i++) {
                captions[i] = known.computeIfAbsent(pictures.caption(i), words::encode);
            }
            return new DenoiserTrainer.Prompts(captions, words.encode(""));
        }
    }

    private Path write(
            Path folder,
            CaptionVocabulary vocabulary,
            AutoencoderKLConfig vae,
            TrainableParameters autoencoder,
            TrainableParameters denoiser,
            JsonObject run)
            throws IOException {
        Path target = folder.resolve(PIPELINE);
        if (Files.exists(target)) {
            return target;
        }
        Path temporary = folder.resolve("." + PIPELINE);
        JsonObject provenance = run.deepCopy();
        List.of("vae", "text_encoder", "unet").forEach(provenance::remove);
        provenance.addProperty("engine", TorchEngine.nameAndVersion());
        new PipelineWriter(temporary, denoiser.manager())
                .write(
                        form,
                        vae,
                        vocabulary,
                        autoencoder.averages(),
                        under(DenoiserTrainer.TEXT, denoiser.averages()),
                        under(DenoiserTrainer.UNET, denoiser.averages()),
                        provenance.toString());
        Files.move(temporary, target);
        return target;
    }
}
