package io.github.dhf4j.diffusion.train;

import static io.github.dhf4j.diffusion.train.TrainingOps.SCRIPT;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import io.github.dhf4j.diffusion.ClipTokenizer;
import io.github.dhf4j.diffusion.model.AutoencoderKL;
import io.github.dhf4j.diffusion.model.AutoencoderKLConfig;
import io.github.dhf4j.diffusion.model.CLIPTextConfig;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.tensor.TorchEngine;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.train.StageSettings;
import io.github.dhf4j.train.TrainableParameters;
import io.github.dhf4j.train.WeightInitialization;
import java.io.IOException;
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

    private static final String LATENTS = "latents.safetensors";
    private static final List<String> BRANCH_ENDS = List.of(".conv2.weight", ".proj_out.weight", "conv_out.weight");

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
     * Trains, or goes on, on the best device there is.
     *
     * @param folder where the run lives; a run that is there is resumed
     * @return the folder of the pipeline
     * @throws IOException as {@link #run(Path, TorchRuntime)}
     */
    public Path run(Path folder) throws IOException {
        return run(folder, TorchRuntime.best());
    }

    /**
     * Trains, or goes on.
     *
     * @param folder where the run lives
     * @param runtime where to train
     * @return the trained pipeline's folder
     * @throws IOException if a file cannot be read or written, or the folder is of another run
     */
    public Path run(Path folder, TorchRuntime runtime) throws IOException {
        Files.createDirectories(folder);
        JsonObject first = describeFirst();
        JsonObject both = describeBoth(first);
        try (NDManager base = runtime.newManager();
                TrainableParameters vae = parameters(
                        AutoencoderKL.parameterShapes(form.vae()),
                        List.of(),
                        settings.autoencoder(),
                        base.newSubManager())) {
            new AutoencoderTrainer(form.vae(), settings, pictures, vae)
                    .run(folder.resolve("autoencoder"), first, monitor);
            NDArray moments = new PictureMoments(form.vae(), pictures, monitor)
                    .get(folder.resolve(LATENTS), Digests.of(first.toString()), vae.averages(), base);
            double scale = 1 / SCRIPT.run(base, "deviation", moments).getFloat();
            CaptionVocabulary vocabulary = CaptionVocabulary.learn(pictures.captions());
            CLIPTextConfig text = form.text(vocabulary);
            try (TrainableParameters denoiser = parameters(
                    DenoiserKeys.shapes(form.unet(), text), BRANCH_ENDS, settings.denoiser(), base.newSubManager())) {
                new DenoiserTrainer(form.unet(), text, settings, moments, scale, prompts(folder, vocabulary), denoiser)
                        .run(folder.resolve("denoiser"), both, monitor);
                return write(folder, vocabulary, form.vae().withScalingFactor(scale), vae, denoiser, both);
            }
        }
    }

    /** What the autoencoder depends on, so that the second stage can be begun anew without it. */
    private JsonObject describeFirst() {
        JsonObject first = new JsonObject();
        first.addProperty("pictures", pictures.size());
        first.addProperty("pictures_digest", pictures.fingerprint());
        first.addProperty("seed", settings.seed());
        first.add("vae", form.vae().toJson());
        first.addProperty("crop", settings.crop());
        first.add("autoencoder", settings.autoencoder().toJson());
        return first;
    }

    private JsonObject describeBoth(JsonObject first) {
        JsonObject both = first.deepCopy();
        both.addProperty("captions_digest", pictures.captionFingerprint());
        both.add("text_encoder", form.text().toJson(0, 0));
        both.add("unet", form.unet().toJson());
        both.addProperty("empty_prompt", settings.emptyPrompt());
        both.addProperty("snr_gamma", settings.snrGamma());
        both.addProperty("noise_offset", settings.noiseOffset());
        both.add("denoiser", settings.denoiser().toJson());
        return both;
    }

    private TrainableParameters parameters(
            Map<String, long[]> shapes, List<String> zeroEndings, StageSettings stage, NDManager manager) {
        return new TrainableParameters(
                WeightInitialization.draw(shapes, zeroEndings, settings.seed(), manager), stage.optimiser(), manager);
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
        JsonObject provenance = run.deepCopy();
        List.of("vae", "text_encoder", "unet").forEach(provenance::remove);
        provenance.addProperty("engine", TorchEngine.nameAndVersion());
        return AtomicFiles.folder(
                folder.resolve(PIPELINE),
                temporary -> new PipelineWriter(temporary, denoiser.manager())
                        .write(
                                form,
                                vae,
                                vocabulary,
                                autoencoder.averages(),
                                DenoiserKeys.text(denoiser.averages()),
                                DenoiserKeys.unet(denoiser.averages()),
                                provenance.toString()));
    }
}
