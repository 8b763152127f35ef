package io.github.dhf4j.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.train.AggregatorTrainer;
import io.github.dhf4j.aggregation.train.TrainingHooks;
import io.github.dhf4j.aggregation.train.TrainingSettings;
import io.github.dhf4j.data.FeatureCache;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.diffusion.BundledCheckpoint;
import io.github.dhf4j.diffusion.DiffusionFeatureExtractor;
import io.github.dhf4j.feature.ExtractionProcess;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureConsumer;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.train.TrainingStep;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long, and how much native memory, does one training step take: loss of one pair, all gradients, AdamW, with the
 * features from the cache, or ({@code tiny} only) by running the network for both images, as the authors' code does in
 * every step? {@code sd15} has random features of Stable Diffusion 1.5's sizes (S = 11, L = 12, D = 384, 64 x 64).
 *
 * <p>Each invocation is a run of one step, writing of weights and checkpoint included; the step alone is printed.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class TrainStepBenchmark extends PeakMemory {
    private static final int[] DIMS = {1280, 1280, 1280, 1280, 1280, 1280, 640, 640, 640, 320, 320, 320};
    private static final int[] SIDES = {8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64};

    /** {@code tiny} (the bundled checkpoint) or {@code sd15} (random features of its sizes). */
    @Param({"tiny", "sd15"})
    public String sizes = "tiny";

    /** {@code cache} or {@code network}. */
    @Param({"cache", "network"})
    public String from = "cache";

    private final List<Path> images = new ArrayList<>();
    private Path folder;
    private NDManager manager;
    private FeatureExtractor extractor;
    private FeatureSource features;
    private AggregatorConfig config;
    private int run;

    @Override
    String beginning() {
        return "what was there before";
    }

    @Setup
    public void open() throws IOException {
        if (sizes.equals("sd15") && from.equals("network")) {
            throw new IllegalStateException(
                    "two times fifty calls of Stable Diffusion 1.5's size take a quarter of an hour:"
                            + " see UNetCallBenchmark for one");
        }
        Threads.set();
        folder = Files.createTempDirectory("dhf-bench-train");
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        Random random = new Random(1);
        for (int i = 0; i < 2; i++) {
            BufferedImage image = new BufferedImage(96, 96, BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < 96 * 96; p++) {
                image.setRGB(p % 96, p / 96, random.nextInt(1 << 24));
            }
            images.add(folder.resolve(i + ".png"));
            ImageIO.write(image, "png", images.get(i).toFile());
        }
        ExtractionSettings settings = ExtractionSettings.inversion();
        boolean tiny = sizes.equals("tiny");
        if (tiny) {
            extractor = DiffusionFeatureExtractor.open(BundledCheckpoint.unpack(), settings, TorchRuntime.cpu());
        } else {
            extractor = new RandomFeatures();
        }
        features = from.equals("network")
                ? FeatureSource.of(extractor, manager, RunMonitor.NONE)
                : FeatureCache.open(folder.resolve("cache"), 10_000_000_000L, DataType.FLOAT16)
                        .over(extractor, manager, RunMonitor.NONE);
        config = AggregatorConfig.of(
                "bench",
                extractor.settings(),
                extractor.layout(),
                tiny ? 128 : 384,
                extractor.mapSize().width());
        if (from.equals("cache")) {
            for (Path image : images) {
                features.features(image, false).close();
            }
        }
        begin();
    }

    @Benchmark
    public double step() throws IOException {
        List<Point> source = new ArrayList<>();
        List<Point> target = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            source.add(new Point(9 * i, 50));
            target.add(new Point(40, 9 * i));
        }
        KeypointPair pair =
                new KeypointPair("pair", images.get(0), images.get(1), source, target, List.of(), "none", null, null);
        TrainingHooks hooks = new TrainingHooks() {
            @Override
            public void onStep(TrainingStep step) {
                System.out.printf(Locale.ROOT, "%n  the step alone %.3f s%n", step.seconds());
            }
        };
        return new AggregatorTrainer(
                        config,
                        TrainingSettings.builder()
                                .steps(1)
                                .validateEvery(0)
                                .checkpointEvery(1)
                                .build(),
                        List.of(pair),
                        features,
                        null,
                        hooks,
                        RunMonitor.NONE)
                .run(folder.resolve("run" + run++))
                .loss();
    }

    @TearDown
    public void close() throws IOException {
        extractor.close();
        manager.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Noise of Stable Diffusion 1.5's sizes in place of features. */
    private static final class RandomFeatures implements FeatureExtractor {
        @Override
        public String name() {
            return "random features";
        }

        @Override
        public String fingerprint() {
            return "random";
        }

        @Override
        public Path checkpoint() {
            return Path.of("random");
        }

        @Override
        public ExtractionSettings settings() {
            return ExtractionSettings.inversion().withLoadSize(512);
        }

        @Override
        public FeatureExtractor withSettings(ExtractionSettings other) {
            throw new IllegalArgumentException("random features have one form only");
        }

        @Override
        public Size mapSize() {
            return Size.square(64);
        }

        @Override
        public FeatureLayout layout() {
            Map<Integer, Integer> channels = new TreeMap<>();
            for (int l = 0; l < DIMS.length; l++) {
                channels.put(l + 1, DIMS[l]);
            }
            return new FeatureLayout(channels, ExtractionProcess.PAPER_SAVE_INDICES);
        }

        @Override
        public Size loadSize() {
            return Size.square(512);
        }

        @Override
        public void extract(List<RgbImage> images, FeatureConsumer consumer, RunMonitor monitor) {
            for (int saveIndex : ExtractionProcess.PAPER_SAVE_INDICES) {
                try (NDManager work = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
                    for (int l = 0; l < DIMS.length; l++) {
                        consumer.accept(
                                new FeatureKey(saveIndex, l + 1),
                                work.randomNormal(0, 1, new Shape(1, DIMS[l], SIDES[l], SIDES[l]), DataType.FLOAT32));
                    }
                }
            }
        }

        @Override
        public void close() {
            // holds nothing
        }
    }
}
