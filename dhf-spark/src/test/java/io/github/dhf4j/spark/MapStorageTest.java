package io.github.dhf4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.tensor.TorchEngine;
import java.io.IOException;
import java.nio.ShortBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept of numbers. */
class MapStorageTest {
    private static final Size SIZE = new Size(5, 3);

    private static DescriptorMap map(float factor) {
        Random random = new Random(3);
        float[] values = new float[7 * 15];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 15 == 4 ? 0 : (float) (random.nextGaussian() * Math.pow(10, i % 15 - 7)) * factor;
        }
        return new DescriptorMap(7, SIZE, values, new Size(64, 48), new Size(32, 32));
    }

    /** Each number to what the storage says of its cell. */
    static void requireNear(DescriptorMap read, DescriptorMap made, MapStorage storage) {
        int cells = made.size().width() * made.size().height();
        float[] largest = new float[cells];
        for (int i = 0; i < made.values().length; i++) {
            largest[i % cells] = Math.max(largest[i % cells], Math.abs(made.values()[i]));
        }
        for (int i = 0; i < made.values().length; i++) {
            float value = made.values()[i];
            double allowed = storage == MapStorage.INT8
                    ? largest[i % cells] / 253
                    : Math.max(Math.abs(value) * 0x1p-11, largest[i % cells] * 0x1p-24);
            assertThat(Math.abs(read.values()[i] - value)).isLessThanOrEqualTo((float) allowed);
        }
    }

    private static DescriptorMap read(MapStorage storage, MapStorage.Stored stored) throws IOException {
        float[] values = storage.read(stored.values(), stored.scales(), 7, 15, "a.png");
        return new DescriptorMap(7, SIZE, values, new Size(64, 48), new Size(32, 32));
    }

    @ParameterizedTest
    @EnumSource(MapStorage.class)
    void numbersComeBackWithinTheRounding(MapStorage storage) throws IOException {
        for (float factor : new float[] {1, 1e25f, 1e-25f}) {
            MapStorage.Stored stored = storage.store(map(factor));
            assertThat(stored.values())
                    .hasSize(105 * (storage == MapStorage.FLOAT32 ? 4 : storage == MapStorage.INT8 ? 1 : 2));
            if (storage == MapStorage.FLOAT32) {
                assertThat(read(storage, stored)).isEqualTo(map(factor));
            } else {
                requireNear(read(storage, stored), map(factor), storage);
            }
            MapStorage.Stored again = storage.store(read(storage, stored));
            assertThat(again.values()).isEqualTo(stored.values());
        }
    }

    @Test
    void damagedRowsAreRefused() {
        assertThatThrownBy(() -> MapStorage.INT8.read(new byte[104], new byte[60], 7, 15, "a.png"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("7 x 15 numbers in int8, got 104 bytes")
                .hasMessageContaining("a.png");
        assertThatThrownBy(() -> MapStorage.FLOAT16.read(new byte[210], null, 7, 15, "a.png"))
                .hasMessageContaining("with 0 of scales");
        assertThatThrownBy(() -> MapStorage.of("double")).hasMessageContaining("got 'double'");
        assertThat(MapStorage.of("Float16")).isEqualTo(MapStorage.FLOAT16);
    }

    /** Every half there is, and numbers between them, as the engine rounds. */
    @Test
    void halvesAreTheEngines() {
        Random random = new Random(1);
        float[] values = new float[1 << 17];
        for (int i = 0; i < values.length; i++) {
            float half = HalfFloats.value((short) (i >> 1));
            values[i] = i % 2 == 0 || !Float.isFinite(half) || Math.abs(half) > 65504
                    ? Math.min(65504, Math.max(-65504, half))
                    : half * (1 + (random.nextFloat() - 0.5f) * 0x1p-9f);
        }
        try (NDManager manager = TorchEngine.newManager(Device.cpu());
                NDArray array = HostTensors.of(manager, values, new Shape(values.length));
                NDArray halves = array.toType(DataType.FLOAT16, false)) {
            ShortBuffer expected = HostTensors.bytes(halves).asShortBuffer();
            for (int i = 0; i < values.length; i++) {
                short bits = HalfFloats.bits(values[i]);
                assertThat(bits).isEqualTo(expected.get(i));
                if (Math.abs(values[i]) <= 65504 && (bits & 0x7fff) != 0x7c00) {
                    assertThat(HalfFloats.bits(HalfFloats.value(bits))).isEqualTo(bits);
                    assertThat(HalfFloats.value(bits))
                            .isCloseTo(values[i], within(Math.abs(values[i]) * 0x1p-10f + 0x1p-24f));
                }
            }
        }
        assertThat(HalfFloats.bits(65520)).isEqualTo((short) 0x7c00);
        assertThat(HalfFloats.bits(Float.NaN)).isEqualTo((short) 0x7e00);
    }
}
