package io.github.dhf4j.matching;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.tensor.TorchEngine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Inner products of a few descriptors with all cells of a large map, of as many channels at a time as stay near the processor. */
final class EngineProductSums {
    private static final int NUMBERS = 3 << 19;

    private EngineProductSums() {}

    /** Adds each descriptor's inner products with all cells of a map. */
    static void add(float[][] descriptors, DescriptorMap map, float[][] products) {
        int cells = map.size().width() * map.size().height();
        int most = Math.max(1, Math.min(map.channels(), NUMBERS / cells));
        ByteBuffer bytes = ByteBuffer.allocateDirect(most * cells * Float.BYTES).order(ByteOrder.nativeOrder());
        FloatBuffer some = bytes.asFloatBuffer();
        try (NDManager manager = TorchEngine.newManager(Device.cpu());
                NDArray sum = manager.zeros(new Shape(descriptors.length, cells))) {
            for (int c = 0; c < map.channels(); c += most) {
                int count = Math.min(most, map.channels() - c);
                some.put(0, map.values(), c * cells, count * cells);
                ByteBuffer filled = bytes.slice(0, count * cells * Float.BYTES);
                try (NDArray left = columns(manager, descriptors, c, count);
                        NDArray right = HostTensors.view(manager, filled, new Shape(count, cells), DataType.FLOAT32);
                        NDArray product = left.matMul(right)) {
                    sum.addi(product);
                }
            }
            FloatBuffer sums = HostTensors.bytes(sum).asFloatBuffer();
            for (float[] row : products) {
                for (int p = 0; p < cells; p++) {
                    row[p] += sums.get();
                }
            }
        }
    }

    /** Some channels of all descriptors: float32 (descriptors, count). */
    private static NDArray columns(NDManager manager, float[][] descriptors, int from, int count) {
        float[] values = new float[descriptors.length * count];
        for (int i = 0; i < descriptors.length; i++) {
            System.arraycopy(descriptors[i], from, values, i * count, count);
        }
        return HostTensors.of(manager, values, new Shape(descriptors.length, count));
    }
}
