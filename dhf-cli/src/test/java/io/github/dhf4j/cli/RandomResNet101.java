package io.github.dhf4j.cli;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.io.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Path;

/** A file of torchvision's ResNet-101 with random weights in half precision. */
final class RandomResNet101 {
    private static final int[] BLOCKS = {3, 4, 23, 3};

    private RandomResNet101() {}

    static void write(Path path, String prefix, NDManager manager) throws IOException {
        SafeTensorsWriter writer = new SafeTensorsWriter();
        convolution(writer, prefix + "conv1", prefix + "bn1", manager, 64, 3, 7, 1);
        int in = 64;
        for (int layer = 0; layer < BLOCKS.length; layer++) {
            int planes = 64 << layer;
            for (int b = 0; b < BLOCKS[layer]; b++) {
                String block = prefix + "layer" + (layer + 1) + "." + b + ".";
                convolution(writer, block + "conv1", block + "bn1", manager, planes, in, 1, 1);
                convolution(writer, block + "conv2", block + "bn2", manager, planes, planes, 3, 1);
                convolution(writer, block + "conv3", block + "bn3", manager, 4 * planes, planes, 1, 0.3f);
                if (b == 0) {
                    convolution(writer, block + "downsample.0", block + "downsample.1", manager, 4 * planes, in, 1, 1);
                }
                in = 4 * planes;
            }
        }
        writer.tensor(prefix + "fc.weight", manager.zeros(new Shape(1000, 2048), DataType.FLOAT16));
        writer.tensor(prefix + "fc.bias", manager.zeros(new Shape(1000), DataType.FLOAT16));
        writer.write(path);
    }

    private static void convolution(
            SafeTensorsWriter writer,
            String conv,
            String norm,
            NDManager manager,
            int out,
            int in,
            int kernel,
            float gain) {
        float deviation = (float) Math.sqrt(2.0 / (in * kernel * kernel));
        writer.tensor(
                conv + ".weight",
                manager.randomNormal(0, deviation, new Shape(out, in, kernel, kernel), DataType.FLOAT32)
                        .toType(DataType.FLOAT16, false));
        writer.tensor(norm + ".weight", manager.full(new Shape(out), gain).toType(DataType.FLOAT16, false));
        writer.tensor(norm + ".bias", manager.zeros(new Shape(out), DataType.FLOAT16));
        writer.tensor(norm + ".running_mean", manager.zeros(new Shape(out), DataType.FLOAT16));
        writer.tensor(norm + ".running_var", manager.ones(new Shape(out), DataType.FLOAT16));
    }
}
