package io.github.dhf4j.cli;

import io.github.dhf4j.diffusion.train.CaptionedPictures;
import io.github.dhf4j.diffusion.train.PipelineForm;
import io.github.dhf4j.diffusion.train.PipelineTrainer;
import io.github.dhf4j.diffusion.train.PipelineTrainingSettings;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.train.StageSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dhf train-pipeline}. */
@Command(
        name = "train-pipeline",
        mixinStandardHelpOptions = true,
        description = {
            "Train a small latent diffusion pipeline of Stable Diffusion's structure from nothing on captioned pictures: autoencoder, then denoising network with text encoder.",
            "Writes pipeline/, a checkpoint in the diffusers layout, and metrics of both stages. The same command on the same folder resumes a run that was stopped."
        })
final class TrainPipelineCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--pictures",
            required = true,
            paramLabel = "DIR",
            description =
                    "A folder with metadata.jsonl, a line {\"file_name\": ..., \"text\": ...} a picture: 'dhf render --pictures' writes one.")
    private Path pictures;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the run lives.")
    private Path out;

    @Mixin
    private RuntimeOptions where = new RuntimeOptions();

    @Mixin
    private PipelineOptions options = new PipelineOptions();

    /** How it is trained; the defaults are those of {@link PipelineTrainingSettings#SMALL}. */
    static final class PipelineOptions {
        private static final StageSettings VAE = PipelineTrainingSettings.SMALL.autoencoder();
        private static final StageSettings DENOISER = PipelineTrainingSettings.SMALL.denoiser();

        @Option(names = "--vae-steps", paramLabel = "N", description = "Steps of the autoencoder. Default: 4000.")
        private int vaeSteps = VAE.steps();

        @Option(names = "--vae-batch", paramLabel = "N", description = "Pictures a step. Default: 8.")
        private int vaeBatch = VAE.batch();

        @Option(names = "--vae-lr", paramLabel = "RATE", description = "Its learning rate. Default: 4e-4.")
        private double vaeRate = VAE.learningRate();

        @Option(names = "--steps", paramLabel = "N", description = "Steps of the denoising network. Default: 24000.")
        private int steps = DENOISER.steps();

        @Option(names = "--batch", paramLabel = "N", description = "Pictures a step. Default: 16.")
        private int batch = DENOISER.batch();

        @Option(names = "--lr", paramLabel = "RATE", description = "Its learning rate. Default: 1e-3.")
        private double rate = DENOISER.learningRate();

        @Option(
                names = "--empty-prompt",
                paramLabel = "P",
                description = "Share of pictures whose caption is left out. Default: ${DEFAULT-VALUE}.",
                defaultValue = "0.15")
        private double emptyPrompt;

        @Option(
                names = "--snr-gamma",
                paramLabel = "G",
                description =
                        "Weigh each timestep's loss by min(SNR, G) / SNR; 0 for no weights. Default: ${DEFAULT-VALUE}.",
                defaultValue = "5")
        private double snrGamma;

        @Option(
                names = "--noise-offset",
                paramLabel = "D",
                description =
                        "Add noise of this deviation that is one number a channel; 0 for none. Default: ${DEFAULT-VALUE}.",
                defaultValue = "0.1")
        private double noiseOffset;

        @Option(names = "--seed", description = "Default: ${DEFAULT-VALUE}.", defaultValue = "0")
        private long seed;

        @Option(
                names = "--checkpoint-every",
                paramLabel = "N",
                description = "Steps between checkpoints. Default: ${DEFAULT-VALUE}.",
                defaultValue = "500")
        private int checkpointEvery;

        PipelineTrainingSettings settings() {
            return new PipelineTrainingSettings(
                    VAE.with(vaeSteps, vaeBatch, vaeRate, checkpointEvery),
                    PipelineTrainingSettings.SMALL.crop(),
                    DENOISER.with(steps, batch, rate, checkpointEvery),
                    emptyPrompt,
                    snrGamma,
                    noiseOffset,
                    seed);
        }
    }

    @Override
    public Integer call() throws IOException {
        PipelineTrainingSettings settings = options.settings();
        RunMonitor monitor = ConsoleProgress.monitor();
        PipelineForm form = PipelineForm.SMALL;
        CaptionedPictures read = CaptionedPictures.read(pictures, form.side(), monitor);
        LeftOut.say(read.leftOut(), spec.commandLine().getOut());
        Path pipeline = new PipelineTrainer(form, settings, read, monitor)
                .run(out, where.ofTraining(spec.commandLine().getOut()));
        spec.commandLine().getOut().printf("%d pictures, trained pipeline written to %s%n", read.size(), pipeline);
        return 0;
    }
}
