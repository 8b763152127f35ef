package io.github.dhf4j.cli;

import io.github.dhf4j.backbones.TransformerForm;
import io.github.dhf4j.backbones.train.BackboneTrainer;
import io.github.dhf4j.backbones.train.BackboneTrainingSettings;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.train.PictureSet;
import io.github.dhf4j.train.StageSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dhf train-backbone}. */
@Command(
        name = "train-backbone",
        mixinStandardHelpOptions = true,
        description = {
            "Train a small vision transformer of DINOv2's structure from nothing on pictures without labels: places of one view of a picture find themselves in another.",
            "Writes backbone/, a checkpoint in the transformers layout, and metrics. The same command on the same folder resumes a run that was stopped."
        })
final class TrainBackboneCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--pictures",
            required = true,
            paramLabel = "DIR",
            converter = ImagePattern.Converter.class,
            description = "A folder of pictures, or a pattern in quotes such as 'world/images/train-*.png'.")
    private ImagePattern pictures;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the run lives.")
    private Path out;

    @Mixin
    private RuntimeOptions where = new RuntimeOptions();

    @Mixin
    private TransformerOptions options = new TransformerOptions();

    /** What is trained and how; the defaults are those of {@link BackboneTrainingSettings#SMALL}. */
    static final class TransformerOptions {
        private static final TransformerForm FORM = TransformerForm.SMALL;
        private static final StageSettings STAGE = BackboneTrainingSettings.SMALL.stage();

        @Option(names = "--side", paramLabel = "PIXELS", description = "Side of the views. Default: 96.")
        private int side = FORM.side();

        @Option(names = "--patch", paramLabel = "PIXELS", description = "Side of a patch. Default: 8.")
        private int patch = FORM.patch();

        @Option(names = "--width", paramLabel = "N", description = "Width of a token. Default: 128.")
        private int width = FORM.width();

        @Option(names = "--blocks", paramLabel = "N", description = "Default: 6.")
        private int blocks = FORM.blocks();

        @Option(names = "--heads", paramLabel = "N", description = "Attention heads. Default: 4.")
        private int heads = FORM.heads();

        @Option(names = "--steps", paramLabel = "N", description = "Optimiser steps. Default: 4000.")
        private int steps = STAGE.steps();

        @Option(names = "--batch", paramLabel = "N", description = "Pictures a step, of two views each. Default: 8.")
        private int batch = STAGE.batch();

        @Option(names = "--lr", paramLabel = "RATE", description = "Learning rate. Default: 1.5e-3.")
        private double rate = STAGE.learningRate();

        @Option(
                names = "--temperature",
                paramLabel = "T",
                description = "What cosines are divided by. Default: ${DEFAULT-VALUE}.",
                defaultValue = "0.07")
        private double temperature;

        @Option(
                names = "--no-mirror",
                description =
                        "Mirror no view, so that the network can tell a thing's two sides apart. Default: half of the views are.")
        private boolean noMirror;

        @Option(names = "--seed", description = "Default: ${DEFAULT-VALUE}.", defaultValue = "0")
        private long seed;

        @Option(
                names = "--checkpoint-every",
                paramLabel = "N",
                description = "Steps between checkpoints. Default: ${DEFAULT-VALUE}.",
                defaultValue = "250")
        private int checkpointEvery;

        TransformerForm form() {
            return new TransformerForm(side, patch, width, blocks, heads);
        }

        BackboneTrainingSettings settings() {
            return new BackboneTrainingSettings(
                    STAGE.with(steps, batch, rate, checkpointEvery),
                    temperature,
                    BackboneTrainingSettings.SMALL.firstStrength(),
                    !noMirror,
                    seed);
        }
    }

    @Override
    public Integer call() throws IOException {
        TransformerForm form = options.form();
        BackboneTrainingSettings settings = options.settings();
        RunMonitor monitor = ConsoleProgress.monitor();
        PictureSet read = PictureSet.read(pictures.files(), BackboneTrainer.pictureSide(form), monitor);
        LeftOut.say(read.leftOut(), spec.commandLine().getOut());
        Path backbone = new BackboneTrainer(form, settings, read, monitor)
                .run(out, where.ofTraining(spec.commandLine().getOut()));
        spec.commandLine().getOut().printf("%d pictures, trained backbone written to %s%n", read.size(), backbone);
        return 0;
    }
}
