package io.github.dhf4j.aggregation.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.AggregatorKeys;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.match.PixelGrid;
import io.github.dhf4j.match.Point;
import io.github.dhf4j.tensor.TorchEngine;
import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.MetricsLog;
import io.github.dhf4j.train.SeededOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Trains an aggregator on key-point pairs: for each pair the symmetric cross-entropy of its points among all cells of
 * the other map, then an AdamW step.
 *
 * <p>A run lives in a folder: {@code checkpoint.safetensors} (where it is), {@code aggregator.safetensors} (the best
 * weights so far, or the last), {@code metrics.jsonl} and {@code metrics.csv}. The same call on the same folder resumes
 * a run that was killed, and ends with the weights of one that was not: bit for bit, on the same machine and thread
 * count.
 *
 * <p>Source: reference, training; the paper's section 3.2.
 */
public final class AggregatorTrainer {
    /** The file in a run's folder that holds the weights. */
    public static final String WEIGHTS = "aggregator.safetensors";

    /** The file in a run's folder that holds its state. */
    public static final String CHECKPOINT = "checkpoint.safetensors";

    private final AggregatorConfig config;
    private final TrainingSettings settings;
    private final List<KeypointPair> pairs;
    private final FeatureSource features;
    private final @Nullable TrainingValidator validator;
    private final TrainingHooks hooks;
    private final RunMonitor monitor;

    /**
     * Prepares a training.
     *
     * @param config what the weights are for: the process and the layers of {@code features}, the descriptor's width
     * @param settings how they are trained
     * @param pairs what they are trained on, each with one point or more
     * @param features where the images' maps come from; borrowed
     * @param validator scores weights, of which the best are kept; null for none, where the settings ask for none, and
     *     the last are kept
     * @param hooks watches
     * @param monitor hears of progress, one step a step, and can cancel between steps
     * @throws IllegalArgumentException if there are no pairs, if the features are not those of the configuration, or if
     *     the settings ask for validations and there is no validator
     */
    public AggregatorTrainer(
            AggregatorConfig config,
            TrainingSettings settings,
            List<KeypointPair> pairs,
            FeatureSource features,
            @Nullable TrainingValidator validator,
            TrainingHooks hooks,
            RunMonitor monitor) {
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException("training pairs must be one or more, got none");
        }
        if (settings.validateEvery() > 0 && validator == null) {
            throw new IllegalArgumentException("validation every " + settings.validateEvery()
                    + " steps must have a validator, got none; give one, or set the interval to 0");
        }
        if (!features.layout().layers().equals(config.layers())
                || !List.copyOf(features.layout().channels().values()).equals(config.dims())
                || !features.layout().saveIndices().equals(config.saveTimesteps())) {
            throw new IllegalArgumentException("features must be those of the configuration, got layers "
                    + features.layout() + " for layers " + config.layers() + " of " + config.dims()
                    + " channels and saved timesteps " + config.saveTimesteps() + " (" + features.name() + ")");
        }
        this.config = config;
        this.settings = settings;
        this.pairs = List.copyOf(pairs);
        this.features = features;
        this.validator = settings.validateEvery() > 0 ? validator : null;
        this.hooks = hooks;
        this.monitor = monitor;
    }

    /**
     * Trains, or goes on.
     *
     * @param folder where the run lives; a run that is there is resumed
     * @return what came out
     * @throws IOException if an image or the folder fails, or if the folder holds a run that was begun otherwise, or one
     *     whose best weights are gone
     * @throws IllegalStateException if a loss is not finite, the message names the pair; or if a score is not
     * @throws java.util.concurrent.CancellationException if the monitor cancels
     */
    public TrainingResult run(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IOException("folder of the run must be writable, got " + e + "; name another", e);
        }
        JsonObject run = provenance();
        Device device = TorchEngine.defaultDevice();
        try (TrainableNetwork network = TrainableNetwork.initialise(config, settings.seed(), device)) {
            AdamW optimiser = new AdamW(network.weights(), network.manager(), settings.optimiser());
            Path checkpoint = folder.resolve(CHECKPOINT);
            TrainingCheckpoint.Progress at = Files.exists(checkpoint)
                    ? TrainingCheckpoint.read(checkpoint, network, optimiser, run)
                    : TrainingCheckpoint.Progress.START;
            requireBest(folder, at);
            try (MetricsLog log = MetricsLog.open(folder, at.step(), TrainingStep.COLUMNS)) {
                return steps(folder, network, optimiser, at, log, run);
            }
        }
    }

    private TrainingResult steps(
            Path folder,
            TrainableNetwork network,
            AdamW optimiser,
            TrainingCheckpoint.Progress start,
            MetricsLog log,
            JsonObject run)
            throws IOException {
        TrainingCheckpoint.Progress at = start;
        SeededOrder order = new SeededOrder(settings.seed(), pairs.size());
        Path weights = folder.resolve(WEIGHTS);
        monitor.start("training", settings.steps());
        while (at.step() < settings.steps() && !isStale(at)) {
            monitor.checkCancelled();
            long began = System.nanoTime();
            double rate = settings.schedule().factor(at.step(), settings.steps());
            double loss = step(network, optimiser, order, at.step(), rate);
            double seconds = (System.nanoTime() - began) / 1e9;
            int done = at.step() + 1;
            at = new TrainingCheckpoint.Progress(done, loss, at.bestScore(), at.bestStep(), at.stale());
            @Nullable Double score = null;
            if (validator != null && (done % settings.validateEvery() == 0 || done == settings.steps())) {
                score = validate(validator, network, done);
                at = at.scored(score);
                if (at.bestStep() == done) {
                    network.save(weights, provenance(run, done, score));
                }
            }
            TrainingStep report =
                    new TrainingStep(done, settings.steps(), loss, settings.learningRate() * rate, seconds, score);
            log.add(report.toJson());
            hooks.onStep(report);
            monitor.step(done, message(at));
            if (done % settings.checkpointEvery() == 0 || done == settings.steps() || isStale(at)) {
                TrainingCheckpoint.write(folder.resolve(CHECKPOINT), network, optimiser, at, run);
            }
        }
        monitor.end();
        if (validator == null) {
            network.save(weights, provenance(run, at.step(), null));
        }
        return new TrainingResult(
                weights,
                at.step(),
                at.loss(),
                validator == null ? null : (Double) at.bestScore(),
                validator == null ? at.step() : at.bestStep(),
                at.step() < settings.steps());
    }

    /** A run whose best weights were taken away cannot give them back. */
    private void requireBest(Path folder, TrainingCheckpoint.Progress at) throws IOException {
        Path weights = folder.resolve(WEIGHTS);
        boolean over = at.step() >= settings.steps() || isStale(at);
        if (validator != null && !Files.isRegularFile(weights) && (at.bestStep() > 0 || over)) {
            throw new IOException("folder of a run must hold its best weights, those after step " + at.bestStep()
                    + ", got no file " + weights + "; put it back, or delete " + CHECKPOINT + " to begin anew");
        }
    }

    private boolean isStale(TrainingCheckpoint.Progress at) {
        return settings.patience() > 0 && at.stale() >= settings.patience();
    }

    private double step(TrainableNetwork network, AdamW optimiser, SeededOrder order, int step, double rate)
            throws IOException {
        int count = settings.accumulation();
        try (NDManager work = network.manager().newSubManager()) {
            Map<String, NDArray> gradients = network.zeroGradients(work);
            double loss = 0;
            for (int i = 0; i < count; i++) {
                long place = (long) step * count + i;
                KeypointPair pair = pairs.get(order.item(place));
                loss += lossOf(network, pair, order.coin(place, settings.flip()), gradients, step) / count;
            }
            if (count > 1) {
                gradients.values().forEach(gradient -> gradient.muli(1f / count));
            }
            optimiser.step(
                    gradients,
                    name -> rate
                            * (name.equals(AggregatorKeys.MIXING)
                                    ? settings.mixingLearningRate()
                                    : settings.learningRate()));
            return loss;
        }
    }

    private double lossOf(
            TrainableNetwork network, KeypointPair pair, boolean flip, Map<String, NDArray> gradients, int step)
            throws IOException {
        if (pair.sourcePoints().isEmpty()) {
            throw new IllegalArgumentException("a training pair must have points, got none (" + pair.id() + ")");
        }
        try (ImageFeatures source = features.features(pair.source(), flip);
                ImageFeatures target = features.features(pair.target(), flip)) {
            double loss = network.addGradients(
                    source,
                    target,
                    indices(pair.sourcePoints(), source.imageSize(), flip),
                    indices(pair.targetPoints(), target.imageSize(), flip),
                    settings.temperature(),
                    gradients);
            if (!Double.isFinite(loss)) {
                throw new IllegalStateException("loss must be a finite number, got " + loss + " in step " + (step + 1)
                        + " from the pair " + pair.id() + " (" + pair.source() + ", " + pair.target()
                        + "); look at its features, or lower the learning rate; the last checkpoint is whole");
            }
            return loss;
        }
    }

    private long[] indices(List<Point> points, Size image, boolean flip) {
        Size grid = Size.square(config.outputResolution());
        return points.stream()
                .map(point -> flip ? new Point(image.width() - 1 - point.x(), point.y()) : point)
                .mapToLong(point -> PixelGrid.index(point, image, grid))
                .toArray();
    }

    private static double validate(TrainingValidator validator, TrainableNetwork network, int step) throws IOException {
        double score;
        try (Aggregator snapshot = network.snapshot("weights after step " + step)) {
            score = validator.score(snapshot, step);
        }
        if (!Double.isFinite(score)) {
            throw new IllegalStateException("score of a validation must be a finite number, got " + score
                    + " after step " + step + "; validate on pairs with points; the last checkpoint is whole");
        }
        return score;
    }

    private String message(TrainingCheckpoint.Progress at) {
        return at.bestStep() == 0
                ? String.format(Locale.ROOT, "loss %.3f", at.loss())
                : String.format(Locale.ROOT, "loss %.3f, best score %.2f", at.loss(), at.bestScore());
    }

    /** What the weights depend on: a resumed run must have the same. */
    private JsonObject provenance() throws IOException {
        JsonObject json = new JsonObject();
        json.add("config", config.toJson());
        json.addProperty("features", features.fingerprint());
        json.addProperty("pairs", pairs.size());
        json.addProperty(
                "pairs_digest",
                Digests.of(pairs.stream()
                        .map(pair -> pair.id() + pair.sourcePoints() + pair.targetPoints())
                        .collect(Collectors.joining("\n"))));
        settings.toJson().entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        return json;
    }

    private static JsonObject provenance(JsonObject run, int step, @Nullable Double score) {
        JsonObject json = run.deepCopy();
        json.remove("config");
        json.addProperty("step", step);
        if (score != null) {
            json.addProperty("validation_score", score);
        }
        json.addProperty("engine", TorchEngine.nameAndVersion());
        return json;
    }
}
