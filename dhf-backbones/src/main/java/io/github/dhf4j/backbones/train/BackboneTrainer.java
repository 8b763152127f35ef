package io.github.dhf4j.backbones.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.dhf4j.backbones.TrainableTransformer;
import io.github.dhf4j.backbones.TransformerForm;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.tensor.Autograd;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.tensor.TorchEngine;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.tensor.Weights;
import io.github.dhf4j.train.PictureSet;
import io.github.dhf4j.train.SeededOrder;
import io.github.dhf4j.train.StageTrainee;
import io.github.dhf4j.train.TrainableParameters;
import io.github.dhf4j.train.TrainingRun;
import io.github.dhf4j.train.WeightInitialization;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Trains a vision transformer of DINOv2's structure from nothing on pictures without labels. Two views of a picture differ
 * in place, direction, colours and what of them is hidden; each cell of one is to find, among all cells of the other, the one
 * that shows the same. Shapes: B pictures a step, N cells of a view, D width.
 *
 * <p>A run lives in a folder: checkpoint, metrics, and in the end {@code backbone/} in the transformers layout, of the weights'
 * moving average. The same call on the same folder resumes a run that was killed, and ends with the weights of one that
 * was not: bit for bit, on the same machine and thread count.
 *
 * <p>Source: contrast between places of two views as in VADeR, arXiv 2011.05499, and DVE, arXiv 1908.06427, with the loss
 * that hyperfeatures are trained with (arXiv 2305.14334, section 3.3); projection head as in SimCLR, arXiv 2002.05709.
 */
public final class BackboneTrainer {
    /** The folder in a run's folder that holds the trained network. */
    public static final String BACKBONE = "backbone";

    private static final ScriptModule SCRIPT = ScriptModule.load(BackboneTrainer.class, "contrast.py");
    private static final String HEAD = "head.";
    private static final int HEAD_WIDTH = 64;

    private final TransformerForm form;
    private final BackboneTrainingSettings settings;
    private final PictureSet pictures;
    private final RunMonitor monitor;
    private final SeededOrder order;

    /**
     * Prepares a training.
     *
     * @param form the network's sizes
     * @param settings how it is trained
     * @param pictures what it is trained on
     * @param monitor hears of progress, one step an optimiser step, and can cancel
     */
    public BackboneTrainer(
            TransformerForm form, BackboneTrainingSettings settings, PictureSet pictures, RunMonitor monitor) {
        this.form = form;
        this.settings = settings;
        this.pictures = pictures;
        this.monitor = monitor;
        this.order = new SeededOrder(settings.seed(), pictures.size());
    }

    /**
     * The side at which pictures lose nothing in views of a form.
     *
     * @param form the network's sizes
     * @return pixels
     */
    public static int pictureSide(TransformerForm form) {
        return form.side() * 4 / 3;
    }

    /**
     * Trains, or goes on.
     *
     * @param folder where the run lives
     * @param runtime where to train
     * @return the trained network's folder
     * @throws IOException if a file cannot be read or written, or the folder is of another run
     */
    public Path run(Path folder, TorchRuntime runtime) throws IOException {
        JsonObject run = description();
        try (Weights head = Weights.withoutFile()) {
            Parameters layers =
                    head.under(HEAD).linear("0", form.width(), form.width()).linear("1", HEAD_WIDTH, form.width());
            Map<String, long[]> shapes = TrainableTransformer.parameterShapes(form);
            shapes.putAll(head.shapes());
            try (NDManager manager = runtime.newManager();
                    TrainableParameters parameters = new TrainableParameters(
                            WeightInitialization.draw(shapes, List.of(), settings.seed(), manager),
                            settings.stage().optimiser(),
                            manager.newSubManager());
                    TrainableTransformer network = new TrainableTransformer(form, parameters.weights())) {
                head.use(parameters.weights());
                StageTrainee trainee = new StageTrainee(
                        settings.stage(), parameters, step -> addGradients(step, network, layers, manager));
                new TrainingRun("backbone", settings.stage().plan(), trainee, run, monitor).run(folder);
                return write(folder, parameters, run);
            }
        }
    }

    private JsonObject description() {
        JsonObject run = new JsonObject();
        run.addProperty("pictures", pictures.size());
        run.addProperty("pictures_digest", pictures.fingerprint());
        run.addProperty("seed", settings.seed());
        run.addProperty("temperature", settings.temperature());
        run.addProperty("first_strength", settings.firstStrength());
        if (!settings.mirrored()) {
            run.addProperty("mirrored", false); // runs of before, which were, go on
        }
        run.add("backbone", form.toJson());
        run.add("training", settings.stage().toJson());
        return run;
    }

    private double addGradients(int step, TrainableTransformer network, Parameters head, NDManager manager) {
        int batch = settings.stage().batch();
        int cells = form.grid() * form.grid();
        Random random = new Random(SeededOrder.mix(settings.seed(), step));
        ByteBuffer bytes = ByteBuffer.allocateDirect(2 * batch * 3 * form.side() * form.side());
        float[] targets = new float[2 * batch * cells * cells];
        double strength = strength(step);
        for (int i = 0; i < batch; i++) {
            RgbImage picture = pictures.picture(order.item((long) step * batch + i));
            ViewPlace first = ViewPlace.draw(random, strength, settings.mirrored());
            ViewPlace second = ViewPlace.draw(random, strength, settings.mirrored());
            new ViewColours(random, strength).draw(picture, first, form.side(), bytes);
            new ViewColours(random, strength).draw(picture, second, form.side(), bytes);
            first.targets(second, form.grid(), targets, 2 * i * cells * cells);
            second.targets(first, form.grid(), targets, (2 * i + 1) * cells * cells);
        }
        Shape views = new Shape(2L * batch, form.side(), form.side(), 3);
        try (NDManager work = manager.newSubManager();
                Autograd autograd = Autograd.record()) {
            NDArray pixels = TrainableTransformer.pixels(work.create(bytes.flip(), views, DataType.UINT8), work);
            NDArray places = work.create(targets, new Shape(2L * batch, cells, cells));
            NDArray tokens = network.tokens(pixels, work);
            NDArray loss = SCRIPT.run(work, "contrast", tokens, head.tensors(), places, settings.temperature());
            autograd.backward(loss);
            return loss.getFloat();
        }
    }

    private double strength(int step) {
        double share = Math.min(1, 2.0 * step / settings.stage().steps());
        return settings.firstStrength() + (1 - settings.firstStrength()) * share;
    }

    private Path write(Path folder, TrainableParameters parameters, JsonObject run) throws IOException {
        JsonObject provenance = run.deepCopy();
        provenance.remove("backbone");
        provenance.addProperty("engine", TorchEngine.nameAndVersion());
        return AtomicFiles.folder(
                folder.resolve(BACKBONE),
                temporary -> TrainableTransformer.write(form, parameters.averages(), provenance.toString(), temporary));
    }
}
