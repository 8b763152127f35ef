package io.github.dhf4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.Progress;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.diffusion.model.TextConditioning;
import io.github.dhf4j.diffusion.process.NetworkCall;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.feature.Noised;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.feature.UpBlockTaps;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.SafeTensors;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import io.github.dhf4j.testing.OwnThreads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Batches, sizes, noise, progress, cancelling, threads, closing. */
class ExtractorTest {
    private static final ExtractionSettings SHORT =
            ExtractionSettings.inversion().withTimesteps(5, List.of(4, 2, 0)).withLayers(List.of(1, 5, 12));

    private static StableDiffusion checkpoint;
    private static List<RgbImage> images;

    @BeforeAll
    static void open() throws IOException {
        checkpoint = StableDiffusion.open(Golden.fixtures().resolve("sd15/pipeline"), TorchRuntime.cpu());
        images = List.of(
                RgbImage.read(Golden.fixtures().resolve("images/a.png")),
                RgbImage.read(Golden.fixtures().resolve("images/b.png")));
    }

    @AfterAll
    static void close() {
        checkpoint.close();
    }

    private static DiffusionFeatureExtractor extractor(ExtractionSettings settings) {
        return new DiffusionFeatureExtractor(checkpoint, settings);
    }

    @Test
    void aBatchEqualsALoop() {
        for (ExtractionSettings settings : List.of(
                SHORT,
                SHORT.withProcess(new Inversion(5, List.of(4, 2, 0), "", true, 7)),
                ExtractionSettings.noised(261, 0).withLayers(List.of(5)))) {
            DiffusionFeatureExtractor extractor = extractor(settings);
            try (FeatureStack both = extractor.extract(images, DataType.FLOAT32);
                    FeatureStack first = extractor.extract(images.subList(0, 1), DataType.FLOAT32);
                    FeatureStack second = extractor.extract(images.subList(1, 2), DataType.FLOAT32)) {
                assertThat(both.keys()).isEqualTo(first.keys());
                for (FeatureKey key : both.keys()) {
                    NDArray batch = both.get(key.saveIndex(), key.layer());
                    Golden.assertClose(
                            settings.process().word() + " " + key.tensorName(),
                            batch.get("0:1"),
                            first.get(key.saveIndex(), key.layer()),
                            1e-4);
                    Golden.assertClose(
                            settings.process().word() + " " + key.tensorName(),
                            batch.get("1:2"),
                            second.get(key.saveIndex(), key.layer()),
                            1e-4);
                }
            }
        }
    }

    @Test
    void noiseIsTheSeedsAndCanBeGiven() {
        ExtractionSettings settings =
                ExtractionSettings.of(Noised.at(261).withLatent(false, 3)).withLayers(List.of(5));
        try (NDManager manager = checkpoint.newManager();
                NDArray latents = extractor(settings).encode(images, null, manager);
                FeatureStack drawn = FeatureStack.create(manager, DataType.FLOAT32);
                FeatureStack given = FeatureStack.create(manager, DataType.FLOAT32);
                FeatureStack other = FeatureStack.create(manager, DataType.FLOAT32)) {
            extractor(settings).extract(latents, null, drawn, RunMonitor.NONE, null);
            extractor(settings).extract(latents, extractor(settings).noise(3, manager), given, RunMonitor.NONE, null);
            extractor(settings.withProcess(Noised.at(261).withLatent(false, 4)))
                    .extract(latents, null, other, RunMonitor.NONE, null);
            assertThat(given.get(738, 5)).isEqualTo(drawn.get(738, 5));
            assertThat(other.get(738, 5)).isNotEqualTo(drawn.get(738, 5));
        }
    }

    @Test
    void layersAndSizesFollowTheSettings() {
        try (FeatureStack stack = extractor(SHORT).extract(images, DataType.FLOAT16)) {
            assertThat(stack.keys()).hasSize(9);
            assertThat(stack.get(4, 12).getShape()).isEqualTo(new Shape(2, 32, 16, 16));
        }
        // a size whose half is odd: the decoder follows the encoder's sizes
        try (FeatureStack stack = extractor(SHORT.withLoadSize(72)).extract(images, DataType.FLOAT32)) {
            assertThat(stack.get(4, 12).getShape()).isEqualTo(new Shape(2, 32, 9, 9));
        }
        assertThat(extractor(SHORT).loadSize()).isEqualTo(Size.square(128));
        assertThatThrownBy(() -> extractor(SHORT.withLoadSize(100)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("divisible by the autoencoder's factor 8");
        assertThatThrownBy(() -> extractor(SHORT.withLayers(List.of(29))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 12");
    }

    @Test
    void wrongInputIsNamed() {
        try (NDManager manager = checkpoint.newManager()) {
            assertThatThrownBy(() -> extractor(SHORT)
                            .extract(manager.zeros(new Shape(1, 3, 16, 16)), null, (k, m) -> {}, RunMonitor.NONE, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("(B, 4, h, w)")
                    .hasMessageContaining("(1, 3, 16, 16)");
            assertThatThrownBy(() -> extractor(ExtractionSettings.noised(1))
                            .extract(
                                    manager.zeros(new Shape(2, 4, 16, 16)),
                                    manager.zeros(new Shape(3, 4, 16, 16)),
                                    (k, m) -> {},
                                    RunMonitor.NONE,
                                    null))
                    .hasMessageContaining("noise must be");
            assertThatThrownBy(
                            () -> extractor(ExtractionSettings.generation("x")).encode(images, null, manager))
                    .hasMessageContaining("start from noise");
            assertThatThrownBy(() -> extractor(SHORT).encode(List.of(), null, manager))
                    .hasMessageContaining("got none");
        }
    }

    @Test
    void progressIsReportedAndARunCanBeCancelled() {
        List<Long> steps = new ArrayList<>();
        Progress progress = new Progress() {
            @Override
            public void reset(String message, long max, String trailing) {
                steps.add(max);
            }

            @Override
            public void start(long initial) {}

            @Override
            public void end() {
                steps.add(-1L);
            }

            @Override
            public void increment(long increment) {}

            @Override
            public void update(long done, String message) {
                steps.add(done);
            }
        };
        extractor(SHORT).extract(images, (k, m) -> {}, new RunMonitor(progress, () -> false));
        assertThat(steps).containsExactly(5L, 0L, 1L, 2L, 3L, 4L, -1L);
        AtomicInteger maps = new AtomicInteger();
        assertThatThrownBy(() -> extractor(SHORT)
                        .extract(images, (k, m) -> maps.incrementAndGet(), new RunMonitor(null, () -> maps.get() > 0)))
                .isInstanceOf(CancellationException.class);
        assertThat(maps.get()).isEqualTo(3);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> extractor(SHORT).extract(images, (k, m) -> {}, RunMonitor.NONE))
                .isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void twoThreadsShareOneCheckpoint() {
        DiffusionFeatureExtractor extractor = extractor(SHORT);
        try (FeatureStack expected = extractor.extract(images, DataType.FLOAT32)) {
            List<CompletableFuture<FeatureStack>> runs = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                runs.add(CompletableFuture.supplyAsync(
                        () -> extractor.extract(images, DataType.FLOAT32), OwnThreads.EACH));
            }
            for (CompletableFuture<FeatureStack> run : runs) {
                try (FeatureStack stack = run.join()) {
                    Golden.assertClose("thread", stack.get(0, 12), expected.get(0, 12), 1e-5);
                }
            }
        }
    }

    /** The first call packs the weights and closes those that it replaces: nobody may be in them. */
    @Test
    void theFirstCallsOfACheckpointMayComeAtOnce() throws IOException {
        ExtractionSettings one = ExtractionSettings.oneStep().withLayers(List.of(12));
        List<RgbImage> image = images.subList(0, 1);
        try (FeatureStack expected = extractor(one).extract(image, DataType.FLOAT32)) {
            for (int round = 0; round < 10; round++) {
                try (DiffusionFeatureExtractor fresh = DiffusionFeatureExtractor.open(
                        Golden.fixtures().resolve("sd15/pipeline"), one, TorchRuntime.cpu())) {
                    int apart = 1 + 2 * round;
                    List<CompletableFuture<FeatureStack>> runs = IntStream.range(0, 4)
                            .mapToObj(i -> CompletableFuture.supplyAsync(
                                    () -> fresh.extract(image, DataType.FLOAT32),
                                    CompletableFuture.delayedExecutor(
                                            (long) i * apart, TimeUnit.MILLISECONDS, OwnThreads.EACH)))
                            .toList();
                    for (CompletableFuture<FeatureStack> run : runs) {
                        try (FeatureStack stack = run.join()) {
                            Golden.assertClose("first", stack.get(0, 12), expected.get(0, 12), 1e-4);
                        }
                    }
                }
            }
        }
    }

    @Test
    void aClosedCheckpointSaysSo() throws IOException {
        DiffusionFeatureExtractor extractor =
                DiffusionFeatureExtractor.open(Golden.fixtures().resolve("sd21/pipeline"), SHORT, TorchRuntime.cpu());
        CompletableFuture<Void> running = CompletableFuture.runAsync(
                () -> extractor.extract(images, (k, m) -> {}, RunMonitor.NONE), OwnThreads.EACH);
        extractor.close();
        extractor.close();
        assertThatThrownBy(() -> extractor.extract(images, (k, m) -> {}, RunMonitor.NONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("after close");
        // a run that was inside when the close came went on to its end, or came too late and says so
        running.exceptionally(e -> {
                    assertThat(e).hasCauseInstanceOf(IllegalStateException.class);
                    return null;
                })
                .join();
    }

    @Test
    void callsWalkAsTheReferenceDoes() {
        List<NetworkCall> inversion = NetworkCall.of(Inversion.PAPER, 1000);
        assertThat(inversion.get(0)).isEqualTo(new NetworkCall(0, -1, 0, 49));
        assertThat(inversion.get(1)).isEqualTo(new NetworkCall(1, 0, 20, 48));
        assertThat(inversion.get(49)).isEqualTo(new NetworkCall(49, 960, 980, 0));
        List<NetworkCall> generation = NetworkCall.of(Generation.of(""), 1000);
        assertThat(generation.get(0)).isEqualTo(new NetworkCall(0, 980, 960, 0));
        assertThat(generation.get(49)).isEqualTo(new NetworkCall(49, 0, -1, 49));
        assertThat(NetworkCall.of(Inversion.PAPER.withTimesteps(1, List.of(0)), 1000))
                .containsExactly(new NetworkCall(0, -1, 0, 0));
        assertThat(NetworkCall.of(Noised.at(261), 1000).get(738).timestep()).isEqualTo(261);
        assertThatThrownBy(() -> NetworkCall.of(Inversion.PAPER.withTimesteps(500, List.of(0)), 100))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noNativeArrayStaysBehind() throws IOException {
        try (StableDiffusion own =
                StableDiffusion.open(Golden.fixtures().resolve("sd15/pipeline"), TorchRuntime.cpu())) {
            DiffusionFeatureExtractor extractor = new DiffusionFeatureExtractor(own, SHORT);
            extractor.extract(images, (k, m) -> {}, RunMonitor.NONE);
            try (NDManager probe = own.newManager()) {
                int before = probe.getParentManager().getManagedArrays().size();
                extractor.extract(images, (k, m) -> {}, RunMonitor.NONE);
                assertThat(probe.getParentManager().getManagedArrays()).hasSize(before);
                assertThat(before).isZero();
            }
        }
    }

    @Test
    void scheduleIsTheReferences() {
        assertThat(checkpoint.schedule().alphaCumprod(-1)).isEqualTo(1);
        assertThat(checkpoint.schedule().alphaCumprod(0)).isEqualTo(0.99915);
        assertThat(checkpoint.schedule().alphaCumprod(500))
                .isCloseTo(0.2763326838229746, org.assertj.core.data.Offset.offset(1e-12));
        assertThat(checkpoint.schedule().alphaCumprod(999))
                .isCloseTo(0.004660098513077238, org.assertj.core.data.Offset.offset(1e-12));
    }

    @Test
    void outputsOfUpBlocksAreDiffusers() throws IOException {
        ExtractionSettings settings = ExtractionSettings.noised(261)
                .withLayers(List.of(13, 14, 15, 16))
                .withPrompt("a photo of a cat");
        DiffusionFeatureExtractor extractor = extractor(settings);
        assertThat(extractor.layout().channels()).containsEntry(14, 64).containsEntry(16, 32);
        try (Golden golden = new Golden("sd15");
                SafeTensors made = SafeTensors.open(golden.folder().resolve("up_blocks.safetensors"));
                FeatureStack all = FeatureStack.create(golden.manager().newSubManager(), DataType.FLOAT32);
                FeatureStack one = FeatureStack.create(golden.manager().newSubManager(), DataType.FLOAT32);
                TextConditioning prompt = checkpoint.condition("a photo of a cat")) {
            for (FeatureStack stack : List.of(all, one)) {
                FeatureTaps taps = new FeatureTaps() {
                    @Override
                    public boolean wants(int layer) {
                        return stack == all ? layer == 6 || (layer > 12 && layer < 17) : layer == 14;
                    }

                    @Override
                    public void tap(int layer, NDArray feature) {
                        stack.accept(new FeatureKey(0, layer), feature);
                    }
                };
                assertThat(checkpoint.unet().forward(golden.tensor("latents"), 261, prompt, taps, false))
                        .isNull();
            }
            assertThat(all.layers()).containsExactly(6, 13, 14, 15, 16);
            assertThat(one.layers()).containsExactly(14);
            for (int block = 1; block <= 4; block++) {
                NDArray expected = made.read("up" + block, golden.manager(), DataType.FLOAT32);
                Golden.assertClose("up block " + block, all.get(0, 12 + block), expected, 2e-5);
            }
            Golden.assertClose("alone", one.get(0, 14), all.get(0, 14), 2e-5);
        }
        assertThatThrownBy(() -> extractor(settings.withLayers(List.of(29))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "1 to 12, up to 16 for the outputs of up blocks or 28 for those of decoder blocks, got [29]");
    }

    @Test
    void anEnsembleIsTheMeanOverNoises() {
        Noised two = Noised.at(261, 0);
        ExtractionSettings one = ExtractionSettings.of(two).withTaps(new UpBlockTaps(List.of(2)));
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                FeatureStack mean = extractor(
                                one.withProcess(two.withLatent(false, 5).withEnsemble(2)))
                        .extract(images, DataType.FLOAT32);
                FeatureStack first =
                        extractor(one.withProcess(two.withLatent(false, 5))).extract(images, DataType.FLOAT32);
                FeatureStack second =
                        extractor(one.withProcess(two.withLatent(false, 6))).extract(images, DataType.FLOAT32)) {
            assertThat(mean.keys()).isEqualTo(first.keys()).hasSize(2);
            for (FeatureKey key : mean.keys()) {
                NDArray expected = first.read(key.saveIndex(), key.layer(), manager)
                        .add(second.read(key.saveIndex(), key.layer(), manager))
                        .div(2);
                Golden.assertClose(key.tensorName(), mean.get(key.saveIndex(), key.layer()), expected, 1e-6);
            }
        }
        assertThatThrownBy(() -> two.withEnsemble(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be 1 to 1000, got 0");
        DiffusionFeatureExtractor dift = extractor(Dift.of("a photo of a cat"));
        assertThat(dift.settings().saveIndices()).containsExactly(738);
        assertThat(dift.settings().layers()).containsExactly(14);
        assertThat(dift.loadSize()).isEqualTo(Size.square(768));
    }
}
