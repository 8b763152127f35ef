package io.github.dhf4j.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureStackTest {
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        manager.close();
    }

    private FeatureStack filled(DataType type) {
        FeatureStack stack = FeatureStack.create(manager, type);
        for (int s : new int[] {49, 0}) {
            for (int l : new int[] {1, 3}) {
                try (NDArray map = manager.randomNormal(0, 1, new Shape(2, 8 * l, 2 * l, 3), DataType.FLOAT32)) {
                    stack.accept(new FeatureKey(s, l), map);
                }
            }
        }
        return stack;
    }

    @Test
    void keepsSavesAndReadsLazily() throws IOException {
        Path path = folder.resolve("stack.safetensors");
        try (FeatureStack stack = filled(DataType.FLOAT32)) {
            assertThat(stack.layers()).containsExactly(1, 3);
            assertThat(stack.saveIndices()).containsExactly(49, 0);
            assertThat(stack.layout().channels()).containsEntry(1, 8).containsEntry(3, 24);
            stack.save(path);
            try (FeatureStack read = FeatureStack.open(path, manager)) {
                assertThat(read.keys()).isEqualTo(stack.keys());
                assertThat(read.layout()).isEqualTo(stack.layout());
                assertThat(read.get(0, 3)).isEqualTo(stack.get(0, 3));
                int[] count = {0};
                read.forEach((key, map) -> {
                    assertThat(map).isEqualTo(stack.get(key.saveIndex(), key.layer()));
                    count[0]++;
                });
                assertThat(count[0]).isEqualTo(4);
                assertThatThrownBy(() -> read.accept(new FeatureKey(1, 1), stack.get(0, 1)))
                        .isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @Test
    void halvesTakeHalfTheFile() throws IOException {
        try (FeatureStack wide = filled(DataType.FLOAT32);
                FeatureStack narrow = filled(DataType.FLOAT16)) {
            wide.save(folder.resolve("a"));
            narrow.save(folder.resolve("b"));
            assertThat(narrow.get(49, 1).getDataType()).isEqualTo(DataType.FLOAT16);
            narrow.forEach((key, map) -> assertThat(map.getDataType()).isEqualTo(DataType.FLOAT32));
        }
        assertThat(Files.size(folder.resolve("b"))).isLessThan(Files.size(folder.resolve("a")) * 6 / 10);
    }

    @Test
    void closedOnceUsableNeverAfter() {
        FeatureStack stack = filled(DataType.FLOAT32);
        assertThat(manager.getManagedArrays()).hasSize(4);
        stack.close();
        stack.close();
        assertThat(manager.getManagedArrays()).isEmpty();
        assertThatThrownBy(() -> stack.get(49, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("after close");
        assertThatThrownBy(stack::keys).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> stack.save(folder.resolve("x"))).isInstanceOf(IllegalStateException.class);
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void slipsAreNamed() throws IOException {
        try (FeatureStack stack = filled(DataType.FLOAT32)) {
            assertThatThrownBy(() -> stack.get(49, 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("s49.layer2")
                    .hasMessageContaining("[1, 3]");
            assertThatThrownBy(() -> stack.accept(new FeatureKey(49, 1), stack.get(49, 1)))
                    .hasMessageContaining("twice");
            assertThatThrownBy(() -> stack.accept(new FeatureKey(9, 1), manager.zeros(new Shape(3))))
                    .hasMessageContaining("(B, C, h, w)");
        }
        assertThatThrownBy(() -> FeatureStack.create(manager, DataType.INT32))
                .isInstanceOf(IllegalArgumentException.class);
        Path other = folder.resolve("other.safetensors");
        new SafeTensorsWriter().tensor("x", manager.zeros(new Shape(3))).write(other);
        assertThatThrownBy(() -> FeatureStack.open(other, manager))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("s{index}.layer{k}");
    }

    @Test
    void descriptorMapsAreKeptOnDisk() throws IOException {
        float[] values = new float[2 * 3 * 4];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 7f;
        }
        DescriptorMap a = new DescriptorMap(2, new Size(4, 3), values, new Size(640, 480), Size.square(96));
        DescriptorMap b = new DescriptorMap(2, new Size(4, 3), values.clone(), new Size(100, 37), Size.square(96));
        Path path = folder.resolve("maps.safetensors");
        DescriptorMap.saveAll(List.of(a, b), path);
        assertThat(DescriptorMap.loadAll(path)).containsExactly(a, b);
        assertThatThrownBy(() -> DescriptorMap.load(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("got 2");
        a.save(path);
        assertThat(DescriptorMap.load(path)).isEqualTo(a);
        DescriptorMap part = a.withExtent(new MapExtent(0.1, 0.2, 0.7, 1));
        part.save(path);
        assertThat(DescriptorMap.load(path)).isEqualTo(part).isNotEqualTo(a);
        part.withConfidence(ConfidenceModel.DEFAULT).save(path);
        assertThat(DescriptorMap.load(path).confidence()).isEqualTo(ConfidenceModel.DEFAULT);
        assertThat(part.confidence()).isNull();
        assertThat(part.withMatchSize(Size.square(32)).extent()).isEqualTo(part.extent());
        DescriptorMap matched = part.withMatchSize(Size.square(32));
        assertThat(matched.loadSize()).isEqualTo(Size.square(96));
        matched.save(path);
        assertThat(DescriptorMap.load(path)).isEqualTo(matched).isNotEqualTo(part);
        assertThatThrownBy(() -> new MapExtent(0.5, 0, 0.5, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from left to right");
        values[5] = Float.NaN;
        assertThatThrownBy(() -> new DescriptorMap(2, new Size(4, 3), values, new Size(1, 1), Size.square(96)))
                .hasMessageContaining("NaN");
        Path other = folder.resolve("other.safetensors");
        new SafeTensorsWriter()
                .tensor("hyperfeatures", manager.zeros(new Shape(1, 2, 3, 4)))
                .metadata("descriptor_map", "{\"image_sizes\":[[0,1]]}")
                .write(other);
        assertThatThrownBy(() -> DescriptorMap.load(other))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("other.safetensors");
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> ExtractionSettings.inversion().withTimesteps(10, List.of(10)))
                .hasMessageContaining("0 to 9");
        assertThatThrownBy(() -> ExtractionSettings.inversion().withTimesteps(0, List.of(0)))
                .hasMessageContaining("1 to 1000");
        assertThatThrownBy(() -> ExtractionSettings.inversion().withTimesteps(50, List.of(1, 1)))
                .hasMessageContaining("each once");
        assertThatThrownBy(() -> ExtractionSettings.inversion().withLayers(List.of(0)))
                .hasMessageContaining("layers");
        assertThat(ExtractionSettings.noised(261).saveIndices()).containsExactly(738);
        assertThat(ExtractionSettings.oneStep().process().timesteps()).isEqualTo(1);
    }
}
