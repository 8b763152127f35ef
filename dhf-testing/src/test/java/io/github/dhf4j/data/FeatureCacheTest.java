package io.github.dhf4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.JointExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.testing.FakeExtractor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureCacheTest {
    @TempDir
    Path folder;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final FakeExtractor extractor = new FakeExtractor("one");

    @AfterEach
    void close() {
        manager.close();
    }

    private Path image(int seed) throws IOException {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(20, 30, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 600; i++) {
            image.setRGB(i % 20, i / 20, random.nextInt(1 << 24));
        }
        Path path = folder.resolve("image" + seed + ".png");
        ImageIO.write(image, "png", path.toFile());
        return path;
    }

    private FeatureCache cache(long budget, DataType type) {
        return FeatureCache.open(folder.resolve("cache"), budget, type);
    }

    private FeatureSource source(FeatureCache cache) throws IOException {
        return cache.over(extractor, manager, RunMonitor.NONE);
    }

    private static float[] map(FeatureSource source, Path image, boolean mirrored) throws IOException {
        try (ImageFeatures features = source.features(image, mirrored);
                NDManager work = features.stack().newManager();
                NDArray map = features.stack().read(1, 2, work)) {
            return map.toFloatArray();
        }
    }

    @Test
    void unaskedTheCacheTakesATenthOfTheFreeDiskAtMost() throws IOException {
        Path none = folder.resolve("not/yet/there");
        long budget = FeatureCache.defaultBudget(none);
        long free = Files.getFileStore(folder).getUsableSpace();
        assertThat(budget).isBetween(1L, 10_000_000_000L).isLessThanOrEqualTo(free / 10 + (1 << 24));
        assertThat(none).doesNotExist();
    }

    @Test
    void aFolderThatCannotBeMadeIsFoundBeforeTheNetworkRuns() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        FeatureCache cache = FeatureCache.open(file.resolve("cache"), 1 << 30, DataType.FLOAT16);
        assertThatThrownBy(() -> source(cache)).isInstanceOf(IOException.class).hasMessageContaining("DHF_CACHE");
        assertThat(extractor.runs).hasValue(0);
    }

    @Test
    void ofSeveralNetworksEachIsKeptByItself() throws IOException {
        Path image = image(1);
        FeatureCache cache = cache(1 << 30, DataType.FLOAT32);
        float[] alone = map(source(cache), image, false);
        FakeExtractor second = FakeExtractor.forward("two");
        JointExtractor joint = new JointExtractor(List.of(extractor, second));
        for (int i = 0; i < 2; i++) {
            FeatureSource both = cache.over(joint, manager, RunMonitor.NONE);
            assertThat(both.layout()).isEqualTo(joint.layout());
            assertThat(both.fingerprint()).isNotEqualTo(extractor.fingerprint()).isEqualTo(joint.fingerprint());
            try (ImageFeatures features = both.features(image, false);
                    NDManager work = features.stack().newManager()) {
                assertThat(features.stack().layout()).isEqualTo(joint.layout());
                FeatureKey key = new FeatureKey(0, 1, 2);
                assertThat(features.stack().read(key, work).toFloatArray()).isEqualTo(alone);
                // lent, not copied
                assertThat(features.stack().get(key)).isSameAs(features.stack().get(key));
                assertThat(features.stack().get(new FeatureKey(1, 0, 3)).getShape())
                        .isEqualTo(new Shape(1, 20, FakeExtractor.SIDE, FakeExtractor.SIDE));
                assertThatThrownBy(() -> features.stack().get(new FeatureKey(1, 0, 2)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("n1.s0.layer2");
            }
        }
        // the first network's features were there already, the second's are made once
        assertThat(extractor.runs).hasValue(1);
        assertThat(second.runs).hasValue(1);
        assertThat(cache.entries()).hasSize(2);
    }

    @Test
    void theNetworkRunsOnceForEachImage() throws IOException {
        Path image = image(1);
        FeatureCache cache = cache(1 << 30, DataType.FLOAT32);
        float[] expected = map(FeatureSource.of(extractor, manager, RunMonitor.NONE), image, false);
        assertThat(map(source(cache), image, false)).isEqualTo(expected);
        assertThat(map(source(cache), image, false)).isEqualTo(expected);
        assertThat(extractor.runs).hasValue(2);
        try (ImageFeatures features = source(cache).features(image, false)) {
            assertThat(features.imageSize().toString()).isEqualTo("20 x 30");
            assertThat(features.stack().layout()).isEqualTo(extractor.layout());
        }
        // mirrored, another process, another type: other features
        map(source(cache), image, true);
        map(cache.over(new FakeExtractor("two"), manager, RunMonitor.NONE), image, false);
        map(source(cache(1 << 30, DataType.FLOAT16)), image, false);
        assertThat(extractor.runs).hasValue(4);
        assertThat(cache.entries()).hasSize(4);
        // an equal picture under another name: the same features
        Path copy = folder.resolve("copy.png");
        Files.copy(image, copy);
        map(source(cache), copy, false);
        assertThat(cache.entries()).hasSize(4);
    }

    @Test
    void whatSystemsLeaveBesideFilesIsNoPartOfTheCache() throws IOException {
        FeatureCache cache = cache(1 << 30, DataType.FLOAT32);
        map(source(cache), image(1), false);
        List<FeatureCache.Entry> entries = cache.entries();
        Path file = entries.get(0).path();
        Files.write(file.resolveSibling("._" + file.getFileName()), new byte[] {0, 5, 22, 7});
        Path trash = Files.createDirectories(cache.folder().resolve(".Trash"));
        Files.copy(file, trash.resolve(file.getFileName()));
        assertThat(cache.entries()).isEqualTo(entries);
    }

    @Test
    void halfPrecisionIsCloseAndHalfTheRoom() throws IOException {
        Path image = image(1);
        float[] wide = map(source(cache(1 << 30, DataType.FLOAT32)), image, false);
        long bytes = cache(1 << 30, DataType.FLOAT32).entries().get(0).bytes();
        cache(1, DataType.FLOAT32).clear();
        float[] half = map(source(cache(1 << 30, DataType.FLOAT16)), image, false);
        assertThat(cache(1, DataType.FLOAT16).entries().get(0).bytes()).isLessThan(bytes * 6 / 10);
        for (int i = 0; i < wide.length; i++) {
            assertThat(half[i]).isCloseTo(wide[i], org.assertj.core.data.Offset.offset(1e-3f));
        }
    }

    @Test
    void aTornFileIsFoundAndMadeAgain() throws IOException {
        Path image = image(1);
        FeatureCache cache = cache(1 << 30, DataType.FLOAT32);
        float[] expected = map(source(cache), image, false);
        Path file = cache.entries().get(0).path();
        long length = Files.size(file);
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
            random.seek(length - 100);
            random.write(new byte[64]); // whole in length, torn inside
        }
        assertThat(map(source(cache), image, false)).isEqualTo(expected);
        assertThat(extractor.runs).hasValue(2);
        for (long cut : new long[] {length / 2, 4, 0}) {
            try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
                random.setLength(cut);
            }
            assertThat(map(source(cache), image, false)).isEqualTo(expected);
        }
        assertThat(extractor.runs).hasValue(5);
    }

    @Test
    void whatWasUsedLongestAgoGoesFirst() throws IOException {
        map(source(cache(1 << 30, DataType.FLOAT32)), image(1), false);
        long each = cache(1, DataType.FLOAT32).entries().get(0).bytes();
        FeatureCache cache = cache(3 * each + 100, DataType.FLOAT32);
        FeatureSource source = source(cache);
        map(source, image(2), false);
        map(source, image(3), false);
        List<FeatureCache.Entry> before = cache.entries();
        for (int i = 0; i < 3; i++) {
            Files.setLastModifiedTime(before.get(i).path(), FileTime.fromMillis(1_000_000L * (i + 1)));
        }
        map(source, image(1), false); // used now
        int runs = extractor.runs.get();
        map(source, image(4), false);
        assertThat(cache.entries()).hasSize(3);
        map(source, image(1), false);
        map(source, image(4), false);
        assertThat(extractor.runs).hasValue(runs + 1);
        map(source, image(2), false); // gone
        assertThat(extractor.runs).hasValue(runs + 2);
        assertThatThrownBy(() -> map(source(cache(each / 2, DataType.FLOAT32)), image(9), false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("budget")
                .hasMessageContaining(folder.toString());
        assertThat(cache.clear()).isPositive();
        assertThat(cache.entries()).isEmpty();
    }

    @Test
    void manyAtOnceOverOneFolder() throws Exception {
        FeatureCache one = cache(1 << 30, DataType.FLOAT32);
        FeatureCache two = cache(600_000, DataType.FLOAT32); // evicts all the time
        List<Path> images = new ArrayList<>();
        List<float[]> expected = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            images.add(image(i));
            expected.add(map(FeatureSource.of(extractor, manager, RunMonitor.NONE), images.get(i), false));
        }
        try (var closing = new Threads(Executors.newFixedThreadPool(4))) {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                FeatureSource source = source(t % 2 == 0 ? one : two);
                int shift = t;
                all.add(closing.pool().submit(() -> {
                    for (int i = 0; i < 40; i++) {
                        int k = (i + shift) % images.size();
                        assertThat(map(source, images.get(k), false)).isEqualTo(expected.get(k));
                    }
                    return null;
                }));
            }
            for (Future<?> future : all) {
                future.get();
            }
        }
    }

    private record Threads(ExecutorService pool) implements AutoCloseable {
        @Override
        public void close() {
            pool.shutdownNow();
        }
    }

    @Test
    void whatCannotBeWrittenIsSaidWithTheFolderAndTheRemedy() throws IOException {
        Path blocked = folder.resolve("blocked");
        Files.writeString(blocked, "a file where the folder should be");
        FeatureCache cache = FeatureCache.open(blocked, 1 << 20, DataType.FLOAT16);
        assertThatThrownBy(() -> map(source(cache), image(1), false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("blocked")
                .hasMessageContaining("--cache");
        assertThatThrownBy(() -> map(source(cache), folder.resolve("none.png"), false))
                .hasMessageContaining("none.png");
    }

    @Test
    void aStackThatIsReadOverAFileKeepsNothing() throws IOException {
        FeatureCache cache = cache(1 << 30, DataType.FLOAT16);
        try (ImageFeatures features = source(cache).features(image(1), false)) {
            FeatureStack stack = features.stack();
            try (NDManager work = stack.newManager()) {
                NDArray first = stack.read(0, 1, work);
                NDArray second = stack.read(0, 1, work);
                assertThat(first.getDataType()).isEqualTo(DataType.FLOAT32);
                first.close();
                assertThat(second.toFloatArray()).hasSize(12 * 64);
            }
        }
    }
}
