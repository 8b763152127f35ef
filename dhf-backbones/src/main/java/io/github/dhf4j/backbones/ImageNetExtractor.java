package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureConsumer;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.Forward;
import io.github.dhf4j.feature.OriginPart;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.feature.SettingsCodec;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.OpenedFiles;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.tensor.OpenGuard;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What extractors share whose network sees ImageNet's pixels and runs once: one step, one save index. */
abstract sealed class ImageNetExtractor implements FeatureExtractor
        permits VisionTransformerExtractor, ResNet101Extractor, MarcoExtractor {
    private final Path checkpoint;
    private final String inside;
    private final OpenedFiles weights;
    private final OriginPart origin;
    private final ExtractionSettings settings;
    private final TorchRuntime runtime;
    private final NDManager manager;
    private final Size loadSize;
    private final PillowResize.Kernel kernel;
    private final OpenGuard guard;
    private final boolean owned;

    /**
     * {@code inside} says what is in the network that is not the checkpoint's, "" for nothing; {@code weights} is what the fingerprint is
     * of; the manager is closed with this.
     */
    ImageNetExtractor(
            Path checkpoint,
            String inside,
            OpenedFiles weights,
            TorchRuntime runtime,
            NDManager manager,
            ExtractionSettings settings,
            Size loadSize,
            PillowResize.Kernel kernel) {
        this.checkpoint = checkpoint;
        this.inside = inside;
        this.weights = weights;
        this.runtime = runtime;
        this.manager = manager;
        this.settings = settings;
        this.loadSize = loadSize;
        this.kernel = kernel;
        this.guard = new OpenGuard(name());
        this.origin = OriginPart.of("checkpoint " + Texts.lastName(checkpoint) + inside, this::network);
        this.owned = true;
    }

    /** Over another's network, with other settings. */
    ImageNetExtractor(ImageNetExtractor of, ExtractionSettings settings, Size loadSize) {
        this.checkpoint = of.checkpoint;
        this.inside = of.inside;
        this.weights = of.weights;
        this.origin = of.origin;
        this.runtime = of.runtime;
        this.manager = of.manager;
        this.settings = settings;
        this.loadSize = loadSize;
        this.kernel = of.kernel;
        this.guard = of.guard;
        this.owned = false;
    }

    /** The layers that are wanted, all where none is named, or an error. */
    static List<Integer> layers(ExtractionSettings wanted, int count, Path path) {
        if (!(wanted.process() instanceof Forward)) {
            throw new IllegalArgumentException(
                    "settings or weights must be of a network without timesteps, got those of a diffusion process ("
                            + path + "); give the checkpoint that they were made for");
        }
        if (wanted.layers().stream().anyMatch(layer -> layer > count)) {
            throw new IllegalArgumentException(
                    "layers must be 1 to " + count + ", got " + wanted.layers() + " (" + path + ")");
        }
        return wanted.layers().isEmpty()
                ? IntStream.rangeClosed(1, count).boxed().toList()
                : wanted.layers();
    }

    /** Refuses padding where the network was not trained with it. */
    static void requireSquashed(ExtractionSettings wanted, Path path) {
        if (wanted.process() instanceof Forward forward && forward.padded()) {
            throw new IllegalArgumentException(
                    "images must be squashed for a network that knows no padding, got padded (" + path
                            + "); that is of MARCO");
        }
    }

    /** Runs normalised pixels (B, 3, H, W) and pushes the maps on. */
    abstract void forward(NDArray pixels, FeatureConsumer consumer);

    /** The network's form, where weights alone do not tell it. */
    abstract String form();

    abstract void closeNetwork();

    @Override
    public final String name() {
        return "checkpoint " + checkpoint + inside;
    }

    @Override
    public final Path checkpoint() {
        return checkpoint;
    }

    @Override
    public final ExtractionSettings settings() {
        return settings;
    }

    @Override
    public final String fingerprint() throws IOException {
        return runtime.fingerprint(Digests.of(
                String.join(" ", origin.requireDigest(), SettingsCodec.text(settings), loadSize.toString())));
    }

    private String network() throws IOException {
        return String.join(" ", weights.digests()) + " " + form();
    }

    @Override
    public final OriginPart origin() {
        return origin;
    }

    @Override
    public final Size loadSize() {
        return loadSize;
    }

    @Override
    public final RgbImage resized(RgbImage image) {
        return PillowResize.resize(image, PictureFrame.of(image.size(), loadSize, settings.process()), kernel);
    }

    @Override
    public final void extract(List<RgbImage> images, FeatureConsumer consumer, RunMonitor monitor) {
        if (images.isEmpty()) {
            throw new IllegalArgumentException("images must be one or more, got none");
        }
        monitor.checkCancelled();
        monitor.start("extracting", 1);
        run(images, pixels -> forward(pixels, consumer));
        monitor.step(1);
        monitor.end();
    }

    /** Gives images as normalised pixels (B, 3, H, W) to a use of the network. */
    final void run(List<RgbImage> images, Consumer<NDArray> use) {
        try (OpenGuard.Use inside = guard.enter();
                NDManager run = manager.newSubManager()) {
            use.accept(ImageNetPixels.of(images, loadSize, settings.process(), kernel, run));
        }
    }

    @Override
    public final void close() {
        if (owned) {
            guard.close(() -> {
                closeNetwork();
                manager.close();
            });
        }
    }
}
