package io.github.dhf4j;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.feature.BlockTaps;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.OriginPart;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.hub.HubSettings;
import io.github.dhf4j.io.hub.ModelPath;
import io.github.dhf4j.matching.CorrespondenceMatcher;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.spi.FeatureAggregatorProvider;
import io.github.dhf4j.spi.JointCheckpoint;
import io.github.dhf4j.spi.Providers;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which parts a {@link DescriptorPipeline} is made of, and opens them. */
public final class DescriptorPipelineBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(DescriptorPipeline.class);

    private @Nullable String backbone;
    private @Nullable HubSettings hub;
    private @Nullable ExtractionSettings raw;
    private @Nullable TorchRuntime runtime;
    private @Nullable CallBudget budget;
    private @Nullable Checkpoint recognised;
    private @Nullable Path adapters;
    private @Nullable Path noAdapters;
    private RunMonitor monitor = RunMonitor.NONE;
    private final ChosenModel chosen = new ChosenModel();
    private final List<DescriptorPipelineBuilder> beside = new ArrayList<>();
    private List<OriginPart> madeFor = List.of();

    DescriptorPipelineBuilder() {}

    /**
     * Chooses a checkpoint.
     *
     * @param path a Stable Diffusion 1.x, 2.x or XL checkpoint in the diffusers layout, or one of another backbone
     * @return this
     */
    public DescriptorPipelineBuilder model(Path path) {
        return model(ModelPath.of(path));
    }

    /**
     * Chooses a checkpoint by its path or its name on the hub; a name is fetched when it is needed.
     *
     * @param name a path, or {@code [hf:]owner/name[@revision]}; a folder or file of that name wins
     * @return this
     * @throws IllegalArgumentException if {@code hf:} stands before what is no name
     */
    public DescriptorPipelineBuilder model(String name) {
        return model(ModelPath.of(name));
    }

    /**
     * Chooses a checkpoint by its path or its name on the hub.
     *
     * @param given a name is fetched when it is needed
     * @return this
     * @throws IllegalArgumentException if a preset was chosen, which names its own
     */
    public DescriptorPipelineBuilder model(ModelPath given) {
        chosen.model(given);
        this.recognised = null;
        return this;
    }

    /**
     * Adds a network that sees each image too: the weights must have been trained over both, or over all that are joined.
     *
     * @param other whose checkpoint counts, with the UNet or adapters in it, and nothing else that it was told
     * @return this
     */
    public DescriptorPipelineBuilder join(DescriptorPipelineBuilder other) {
        beside.add(other);
        return this;
    }

    /**
     * Puts another UNet's weights into a diffusion checkpoint, such as of a fine-tuning that is published by itself.
     *
     * @param file a state dict in diffusers' keys, of the checkpoint's own configuration
     * @return this
     */
    public DescriptorPipelineBuilder unet(Path file) {
        return unet(ModelPath.of(file));
    }

    /**
     * Puts another UNet's weights into a diffusion checkpoint, by their path or their name on the hub; the checkpoint's own are
     * not fetched then.
     *
     * @param name a path, or {@code [hf:]owner/name/path/in/repo[@revision]}; a file of that name wins
     * @return this
     * @throws IllegalArgumentException if {@code hf:} stands before what is no name
     */
    public DescriptorPipelineBuilder unet(String name) {
        return unet(ModelPath.of(name));
    }

    /**
     * Puts another UNet's weights into a diffusion checkpoint, by their path or their name on the hub.
     *
     * @param given a name is fetched when it is needed
     * @return this
     */
    public DescriptorPipelineBuilder unet(ModelPath given) {
        chosen.unet(given);
        this.recognised = null;
        return this;
    }

    /**
     * Chooses a published model with how it is matched with, in place of a checkpoint; weights or raw maps that are chosen
     * too win over the preset's.
     *
     * @param preset fetched when it is needed; what it is is logged before
     * @return this
     * @throws IllegalArgumentException if a checkpoint was chosen, which says the same again
     */
    public DescriptorPipelineBuilder preset(Preset preset) {
        chosen.preset(preset);
        this.recognised = null;
        return this;
    }

    /**
     * Chooses where the hub is and where its files are kept.
     *
     * @param settings without a call, {@link HubSettings#standard}, once a name is to be fetched
     * @return this
     */
    public DescriptorPipelineBuilder hub(HubSettings settings) {
        this.hub = settings;
        return this;
    }

    /**
     * Chooses the kind of network; without a call, the checkpoint tells it.
     *
     * @param kind a provider's {@link io.github.dhf4j.spi.FeatureExtractorProvider#backbone}, such as {@code dinov2}
     * @return this
     */
    public DescriptorPipelineBuilder backbone(String kind) {
        this.backbone = kind;
        this.recognised = null;
        chosen.otherBackbone();
        return this;
    }

    /**
     * Chooses aggregation weights; without a call, those inside the checkpoint's folder are taken.
     *
     * @param file the authors' {@code .pt} or this library's safetensors; or adapters for the checkpoint's network, MARCO's
     *     {@code marco_release.pth}
     * @return this
     */
    public DescriptorPipelineBuilder weights(Path file) {
        return weights(ModelPath.of(file));
    }

    /**
     * Chooses aggregation weights by their path or their name on the hub; a name is fetched when it is needed.
     *
     * @param name a path, or {@code [hf:]owner/name/path/in/repo[@revision]}; a file of that name wins
     * @return this
     * @throws IllegalArgumentException if {@code hf:} stands before what is no name
     */
    public DescriptorPipelineBuilder weights(String name) {
        return weights(ModelPath.of(name));
    }

    /**
     * Chooses aggregation weights by their path or their name on the hub.
     *
     * @param given a name is fetched when it is needed
     * @return this
     */
    public DescriptorPipelineBuilder weights(ModelPath given) {
        chosen.weights(given);
        return this;
    }

    /**
     * Matches with one raw feature map of an inversion; needs no weights.
     *
     * @param layer decoder layer, 1..L
     * @param saveIndex save index of fifty timesteps, 49 the cleanest
     * @return this
     */
    public DescriptorPipelineBuilder raw(int layer, int saveIndex) {
        if (layer < 1) {
            throw new IllegalArgumentException("raw layer must be 1 or more, got " + layer);
        }
        return raw(ExtractionSettings.inversion()
                .withTimesteps(50, List.of(saveIndex))
                .withLayers(List.of(layer)));
    }

    /**
     * Matches with raw feature maps; needs no weights. Several are resized to the finest and laid one behind the other.
     *
     * @param settings which, such as {@code Dinov2.paper()}; layers must be named
     * @return this
     */
    public DescriptorPipelineBuilder raw(ExtractionSettings settings) {
        this.raw = settings;
        return this;
    }

    /**
     * Chooses where to run.
     *
     * @param where a DJL device; without a call, DJL's default: the first GPU if there is one
     * @return this
     */
    public DescriptorPipelineBuilder device(Device where) {
        return runtime(TorchRuntime.of(where));
    }

    /**
     * Chooses where to run, and in which type.
     *
     * @param where without a call, {@link TorchRuntime#best()}
     * @return this
     */
    public DescriptorPipelineBuilder runtime(TorchRuntime where) {
        this.runtime = where;
        return this;
    }

    /**
     * Chooses how many calls of the network an image takes: so many of those whose maps the weights know.
     *
     * @param number 1 or more; without a call, as many as the weights know, eleven of the paper's fifty, and on a CPU what
     *     a preset says
     * @return this
     * @throws IllegalArgumentException if it is less than 1
     */
    public DescriptorPipelineBuilder calls(int number) {
        return calls(CallBudget.of(number));
    }

    /**
     * Makes every call of the process, as the paper does: fifty an image.
     *
     * @return this
     */
    public DescriptorPipelineBuilder paperWalk() {
        return calls(CallBudget.PAPER);
    }

    /**
     * Chooses how many calls of the network an image takes, by weights that know the maps of several.
     *
     * @param calls such as {@code CallBudget.PAPER} for figures that compare with the paper's, or {@code CallBudget.of(4)};
     *     without a call, {@link CallBudget#SAVED}, and on a CPU what a preset says
     * @return this
     */
    public DescriptorPipelineBuilder calls(CallBudget calls) {
        this.budget = calls;
        return this;
    }

    /**
     * Chooses who hears of progress.
     *
     * @param watcher is told of each network call and may cancel
     * @return this
     */
    public DescriptorPipelineBuilder monitor(RunMonitor watcher) {
        this.monitor = watcher;
        return this;
    }

    /**
     * Opens everything.
     *
     * @return the pipeline; the caller closes it
     * @throws IOException if a file is missing, damaged or not supported
     * @throws IllegalArgumentException if weights and checkpoint do not fit, there are no weights, or the engine does not
     *     have the device
     */
    public DescriptorPipeline build() throws IOException {
        if (runtime != null) {
            runtime.require();
        }
        CorrespondenceMatcher matcher = Providers.find(CorrespondenceMatcher.class, "dhf-core");
        FeatureAggregator aggregator = openAggregator();
        try {
            FeatureExtractor extractor = openExtractor(aggregator.settings());
            try {
                DescriptorPipeline pipeline = new DescriptorPipeline(
                        extractor, numbered(aggregator, extractor), matcher, monitor, isBundled());
                LOG.info("{}{}", isBundled() ? "bundled pipeline, for trying and testing only: " : "", pipeline.name());
                return pipeline;
            } catch (RuntimeException e) {
                extractor.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            aggregator.close();
            throw e;
        }
    }

    /** Raw maps that were tapped by name have numbers once a network is open. */
    private static FeatureAggregator numbered(FeatureAggregator aggregator, FeatureExtractor extractor) {
        return aggregator.settings().taps() instanceof BlockTaps
                ? Providers.find(FeatureAggregatorProvider.class, "dhf-aggregation")
                        .raw(extractor.settings())
                : aggregator;
    }

    /**
     * Opens only the network.
     *
     * @param settings what to extract
     * @return the extractor; the caller closes it
     * @throws IOException if the checkpoint is missing, damaged or not supported
     */
    public FeatureExtractor openExtractor(ExtractionSettings settings) throws IOException {
        return new GivenNetworks(checkpoint().networks(), madeFor).open(settings, where());
    }

    /**
     * Opens only what makes descriptors of features, for features that come from elsewhere.
     *
     * @return the aggregator; the caller closes it
     * @throws IOException if a file is missing, damaged or not supported
     * @throws IllegalArgumentException if there are no weights
     */
    public FeatureAggregator openAggregator() throws IOException {
        FeatureAggregatorProvider aggregators = Providers.find(FeatureAggregatorProvider.class, "dhf-aggregation");
        ExtractionSettings without = rawSettings();
        if (without != null) {
            if (budget != null && !budget.equals(CallBudget.PAPER)) {
                throw new IllegalArgumentException(
                        "a number of calls is of aggregation weights, got " + budget + " with raw maps; leave it out");
            }
            return aggregators.raw(without);
        }
        Path file = weightsFile();
        if (file != null) {
            FeatureAggregator aggregator = aggregators.open(file, budget(), where());
            madeFor = aggregator.networks();
            return aggregator;
        }
        if (!beside.isEmpty()) {
            throw new IllegalArgumentException(
                    "networks are joined by weights that were trained over all of them, got"
                            + " none; give weights (weights(...), --weights FILE), or train some (dhf train with --model for each)");
        }
        throw new IllegalArgumentException("hyperfeatures need aggregation weights made for the checkpoint, got none ("
                + checkpoint().path()
                + " holds none of " + HubModels.WEIGHTS_BESIDE
                + "); give weights (weights(...), --weights FILE), or match with a raw layer, which needs none (raw("
                + DescriptorPipeline.DEFAULT_RAW_LAYER + ", " + DescriptorPipeline.DEFAULT_RAW_SAVE_INDEX
                + "), --raw-layer " + DescriptorPipeline.DEFAULT_RAW_LAYER + ")");
    }

    /**
     * The raw maps that are matched with.
     *
     * @return those that were chosen, or the backbone's own where there are no weights; null where there are, or where the
     *     backbone has none of its own
     * @throws IOException if the checkpoint is none, or the bundled one cannot be unpacked
     */
    public @Nullable ExtractionSettings rawSettings() throws IOException {
        if (raw != null) {
            return raw;
        }
        Preset preset = chosen.preset();
        if (preset != null && preset.raw() != null && !chosen.hasWeights()) {
            return preset.raw();
        }
        if (adapters() != null) {
            return checkpoint().rawSettings();
        }
        return chosen.hasWeights() || weightsFile() != null
                ? null
                : checkpoint().rawSettings();
    }

    /**
     * Whether the pipeline is the bundled one, as {@link DescriptorPipeline#isBundled} says.
     *
     * @return true if no checkpoint was given
     */
    public boolean isBundled() {
        return chosen.isBundled() && beside.isEmpty();
    }

    /**
     * The aggregation weights that are used where no raw maps are chosen.
     *
     * @return the file that was named, else, of one network, the one in the checkpoint's folder, else null
     * @throws IOException if the bundled checkpoint cannot be unpacked, or a name cannot be fetched
     */
    public @Nullable Path weightsFile() throws IOException {
        return beside.isEmpty() || chosen.hasWeights() ? chosen.weights(backbone, hub()) : null;
    }

    /**
     * What belongs into the checkpoint's network, where the weights are such, or the preset names it: MARCO's adapters.
     *
     * @return the file; null for none
     * @throws IOException if the bundled checkpoint cannot be unpacked, or a name cannot be fetched
     */
    public @Nullable Path adapters() throws IOException {
        if (!beside.isEmpty()) {
            return null;
        }
        Path file = chosen.adapters(backbone, hub(), raw == null);
        if (file == null || file.equals(noAdapters)) {
            return null;
        }
        if (!file.equals(adapters)) {
            if (!Providers.areAdapters(file)) {
                noAdapters = file;
                return null;
            }
            adapters = file;
        }
        return file;
    }

    /**
     * The checkpoint, recognised once, with {@link #adapters} inside; where networks are joined, a {@link JointCheckpoint}.
     *
     * @return the one that was named, else the one that {@code DHF_MODEL} names, else the bundled one
     * @throws IOException saying what the path is instead, or if the bundled one cannot be unpacked or a name cannot be fetched
     * @throws IllegalArgumentException if there is no such backbone, none is bundled of it and no checkpoint was given, or a UNet
     *     is to be put into a network that has none
     */
    public Checkpoint checkpoint() throws IOException {
        Path path = chosen.checkpoint(backbone, hub());
        Checkpoint checkpoint = recognised;
        if (checkpoint == null || !checkpoint.path().equals(path)) {
            checkpoint = Providers.checkpoint(backbone, path);
            Path unet = chosen.unet(hub());
            checkpoint = unet == null ? checkpoint : checkpoint.withUNet(unet);
            recognised = checkpoint;
        }
        Path inside = adapters();
        checkpoint = inside == null ? checkpoint : checkpoint.adapted(inside);
        List<Checkpoint> all = new ArrayList<>(List.of(checkpoint));
        for (DescriptorPipelineBuilder other : beside) {
            all.addAll(other.checkpoint().networks());
        }
        return JointCheckpoint.of(all);
    }

    private CallBudget budget() {
        Preset preset = chosen.preset();
        if (budget != null) {
            return budget;
        }
        return preset != null && !chosen.hasWeights() && where().device().equals(Device.cpu())
                ? preset.onCpu()
                : CallBudget.SAVED;
    }

    private HubModels hub() {
        return ChosenModel.hub(hub, monitor, runtime != null ? runtime.dtype() : DataType.FLOAT32);
    }

    private TorchRuntime where() {
        return runtime != null ? runtime.require() : TorchRuntime.best();
    }
}
