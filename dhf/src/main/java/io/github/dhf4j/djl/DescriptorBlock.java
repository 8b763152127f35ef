package io.github.dhf4j.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.HostTensors;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline as a DJL block: images in, each (H, W, 3) uint8, their descriptors out, (B, D, h, w) float32. Its weights are no DJL
 * parameters, so it cannot be trained or saved by DJL.
 */
final class DescriptorBlock extends AbstractBlock {
    private final DescriptorPipeline pipeline;

    DescriptorBlock(DescriptorPipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** Borrowed: the model owns it. */
    DescriptorPipeline pipeline() {
        return pipeline;
    }

    /** An image as this block takes it. */
    static NDArray tensor(NDManager owner, RgbImage image) {
        return HostTensors.view(
                owner, ByteBuffer.wrap(image.samples()), new Shape(image.height(), image.width(), 3), DataType.UINT8);
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameters, NDList inputs, boolean training, @Nullable PairList<String, Object> further) {
        List<RgbImage> images = inputs.stream().map(DescriptorBlock::image).toList();
        List<DescriptorMap> maps = pipeline.describe(images);
        DescriptorMap first = maps.get(0);
        int size = first.values().length;
        float[] all = new float[Math.multiplyExact(size, maps.size())];
        for (int i = 0; i < maps.size(); i++) {
            System.arraycopy(maps.get(i).values(), 0, all, i * size, size);
        }
        Shape shape = new Shape(
                maps.size(),
                first.channels(),
                first.size().height(),
                first.size().width());
        return new NDList(HostTensors.of(inputs.head().getManager(), all, shape));
    }

    private static RgbImage image(NDArray tensor) {
        Shape shape = tensor.getShape();
        if (shape.dimension() != 3 || shape.get(2) != 3 || tensor.getDataType() != DataType.UINT8) {
            throw new IllegalArgumentException(
                    "images must be (H, W, 3) uint8, got " + shape + " " + tensor.getDataType());
        }
        ByteBuffer bytes = HostTensors.bytes(tensor);
        byte[] samples = new byte[bytes.remaining()];
        bytes.get(samples);
        return new RgbImage(Math.toIntExact(shape.get(1)), Math.toIntExact(shape.get(0)), samples);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        throw new UnsupportedOperationException("the shape of descriptors is known when an image is described");
    }
}
