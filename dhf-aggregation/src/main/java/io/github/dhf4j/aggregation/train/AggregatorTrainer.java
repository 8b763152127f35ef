package io.github.dhf4j.aggregation.train;

import com.google.gson.JsonObject;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.tensor.TorchEngine;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.train.RunProgress;
import io.github.dhf4j.train.TrainingRun;
import io.github.dhf4j.train.Validation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Trains an aggregator by a loss of its descriptors, an AdamW step at a time: by the paper's on key-point pairs
 * ({@link CorrespondenceLoss}), or by one of yours.
 *
 * <p>A run lives in a folder: {@code checkpoint.safetensors} (where it is), {@code aggregator.safetensors} (the best
 * weights so far, or the last), where the loss has weights of its own {@code loss.safetensors} (those of the same step),
 * {@code metrics.jsonl} and {@code metrics.csv}. The same call on the same folder resumes
 * a run that was killed, and ends with the weights of one that was not: bit for bit, on the same machine and thread
 * count.
 *
 * {@snippet file="TrainAnAggregator.java" region="train"}
 *
 * <p>Source: reference, training; the paper's section 3.2.
 */
public final class AggregatorTrainer {
    /** The file in a run's folder that holds the weights. */
    public static final String WEIGHTS = "aggregator.safetensors";

    /** The file in a run's folder that holds the weights that the loss has of its own, by its names. */
    public static final String LOSS_WEIGHTS = "loss.safetensors";

    private final AggregatorConfig config;
    private final TrainingSettings settings;
    private final DescriptorLoss loss;
    private final FeatureSource features;
    private final @Nullable TrainingValidator validator;
    private final TrainingHooks hooks;
    private final RunMonitor monitor;

    /**
     * Prepares a training on key-point pairs.
     *
     * @param config what the weights are for: the process and the layers of {@code features}, the descriptor's width
     * @param settings how they are trained
     * @param pairs what they are trained on, each with one point or more
     * @param features where the images' maps come from; borrowed
     * @param validator as below
     * @param hooks watches
     * @param monitor as below
     * @throws IllegalArgumentException as below
     */
    public AggregatorTrainer(
            AggregatorConfig config,
            TrainingSettings settings,
            List<KeypointPair> pairs,
            FeatureSource features,
            @Nullable TrainingValidator validator,
            TrainingHooks hooks,
            RunMonitor monitor) {
        this(
                config,
                settings,
                new CorrespondenceLoss(pairs, settings.correspondence()),
                features,
                validator,
                hooks,
                monitor);
    }

    /**
     * Prepares a training.
     *
     * @param config what the weights are for: the process and the layers of {@code features}, the descriptor's width
     * @param settings how they are trained
     * @param loss what they are trained for, with its examples; called as long as the training runs
     * @param features where the images' maps come from; borrowed
     * @param validator scores weights, of which the best are kept; null for none, where the settings ask for none, and
     *     the last are kept
     * @param hooks watches
     * @param monitor hears of progress, one step a step, and can cancel between steps
     * @throws IllegalArgumentException if there are no examples, if the features are not those of the configuration, or if
     *     the settings ask for validations and there is no validator
     */
    public AggregatorTrainer(
            AggregatorConfig config,
            TrainingSettings settings,
            DescriptorLoss loss,
            FeatureSource features,
            @Nullable TrainingValidator validator,
            TrainingHooks hooks,
            RunMonitor monitor) {
        if (loss.size() < 1) {
            throw new IllegalArgumentException("training examples must be one or more, got none of " + loss.name());
        }
        if (settings.validateEvery() > 0 && validator == null) {
            throw new IllegalArgumentException("validation every " + settings.validateEvery()
                    + " steps must have a validator, got none; give one, or set the interval to 0");
        }
        if (!config.fits(features.layout())) {
            throw new IllegalArgumentException("features must be those of the configuration, got layers "
                    + features.layout() + " for " + config + " (" + features.name() + ")");
        }
        this.config = config;
        this.settings = settings;
        this.loss = loss;
        this.features = features;
        this.validator = settings.validateEvery() > 0 ? validator : null;
        this.hooks = hooks;
        this.monitor = monitor;
    }

    /**
     * Trains, or goes on, on the best device there is.
     *
     * @param folder where the run lives; a run that is there is resumed
     * @return what came out
     * @throws IOException as {@link #run(Path, TorchRuntime)}
     */
    public TrainingResult run(Path folder) throws IOException {
        return run(folder, TorchRuntime.best());
    }

    /**
     * Trains, or goes on.
     *
     * @param folder where the run lives; a run that is there is resumed
     * @param runtime where to train
     * @return what came out
     * @throws IOException if an image or the folder fails, or if the folder holds a run that was begun otherwise, or one
     *     whose best weights are gone
     * @throws IllegalStateException if a loss is not finite, the message names the example; or if a score is not
     * @throws java.util.concurrent.CancellationException if the monitor cancels
     */
    public TrainingResult run(Path folder, TorchRuntime runtime) throws IOException {
        JsonObject description = describe();
        Path weights = folder.resolve(WEIGHTS);
        try (TrainableNetwork network = TrainableNetwork.initialise(config, settings.seed(), runtime);
                LossTrainee trainee = new LossTrainee(network, settings, loss, features)) {
            TrainingRun run = new TrainingRun("training", settings.plan(), trainee, description, monitor)
                    .describedBefore(AggregatorTrainer::readDescription)
                    .onStep(hooks::onStep);
            Keeper keeper = new Keeper(network, trainee, folder, description);
            if (validator == null) {
                RunProgress end = run.run(folder);
                keeper.keep(end.step(), null);
                return new TrainingResult(weights, end.step(), end.loss(), null, end.step(), false);
            }
            Validation.Candidate candidate = new Candidate(validator, keeper);
            RunProgress end = run.validatedBy(
                            new Validation(settings.validateEvery(), settings.patience(), weights, candidate))
                    .run(folder);
            boolean early = end.step() < settings.steps();
            return new TrainingResult(weights, end.step(), end.loss(), end.bestScore(), end.bestStep(), early);
        }
    }

    /** Writes the weights as they are: the aggregator's last, so that those of the loss are there where these are. */
    private record Keeper(TrainableNetwork network, LossTrainee trainee, Path folder, JsonObject description) {
        void keep(int step, @Nullable Double score) throws IOException {
            JsonObject provenance = provenance(description, step, score);
            if (!trainee.keptLoss().isEmpty()) {
                trainee.keptLoss().save(folder.resolve(LOSS_WEIGHTS), provenance);
            }
            network.save(trainee.kept(), provenance, folder.resolve(WEIGHTS));
        }
    }

    /** The weights as they are, for who scores them. */
    private record Candidate(TrainingValidator validator, Keeper keeper) implements Validation.Candidate {
        @Override
        public double score(int step) throws IOException {
            try (Aggregator snapshot = keeper.network.snapshot(keeper.trainee.kept(), "weights after step " + step)) {
                return validator.score(snapshot, keeper.trainee.keptLoss().byName(), step);
            }
        }

        @Override
        public void keep(int step, double score) throws IOException {
            keeper.keep(step, score);
        }
    }

    /** What the weights depend on: a resumed run must have the same. */
    private JsonObject describe() throws IOException {
        JsonObject json = new JsonObject();
        json.add("config", config.toJson());
        json.addProperty("features", features.fingerprint());
        json.addProperty("loss", loss.name());
        json.addProperty("examples", loss.size());
        json.addProperty(
                "examples_digest",
                Digests.of(IntStream.range(0, loss.size())
                        .mapToObj(i -> loss.id(i) + loss.targets(i))
                        .collect(Collectors.joining("\n"))));
        addAll(json, settings.toJson());
        return json;
    }

    /** Settings were once written in another form, and all examples were pairs. */
    static JsonObject readDescription(JsonObject kept, String where) throws IOException {
        TrainingSettings settings = TrainingSettings.fromJson(kept, where);
        JsonObject now = kept.deepCopy();
        if (now.has("pairs")) {
            now.addProperty("loss", settings.correspondence().words());
            now.add("examples", now.remove("pairs"));
            now.add("examples_digest", now.remove("pairs_digest"));
        }
        TrainingSettingsCodec.removeFormer(now);
        addAll(now, settings.toJson());
        return now;
    }

    private static void addAll(JsonObject target, JsonObject more) {
        more.entrySet().forEach(entry -> target.add(entry.getKey(), entry.getValue()));
    }

    private static JsonObject provenance(JsonObject description, int step, @Nullable Double score) {
        JsonObject json = description.deepCopy();
        json.remove("config");
        json.addProperty("step", step);
        if (score != null) {
            json.addProperty("validation_score", score);
        }
        json.addProperty("engine", TorchEngine.nameAndVersion());
        return json;
    }
}
