package io.github.dhf4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.train.DescriptorLoss;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A loss of one's own: the cross-entropy of a linear head that names the part in each cell, trained with the aggregator. */
record PartHead(List<PartPicture> pictures) implements DescriptorLoss {
    @Override
    public String name() {
        return "linear head of parts";
    }

    @Override
    public int size() {
        return pictures.size();
    }

    @Override
    public String id(int example) {
        return String.valueOf(pictures.get(example).image().getFileName());
    }

    @Override
    public List<View> views(int example) {
        return List.of(View.of(pictures.get(example).image()));
    }

    @Override
    public String targets(int example) {
        return Arrays.toString(pictures.get(example).parts());
    }

    @Override
    public Map<String, NDArray> initialWeights(AggregatorConfig config, long seed, NDManager owner) {
        return zeros(config.projectionDim(), owner);
    }

    static Map<String, NDArray> zeros(int width, NDManager owner) {
        int parts = PartPicture.NAMES.size();
        return Map.of("weight", owner.zeros(new Shape(parts, width)), "bias", owner.zeros(new Shape(1, parts)));
    }

    @Override
    public Gradient of(int example, Maps maps, Map<String, NDArray> weights) {
        return gradient(maps.descriptors(), pictures.get(example).parts(), maps.mirrored(), weights);
    }

    // @start region="loss"
    static Gradient gradient(NDArray descriptors, long[] parts, boolean mirrored, Map<String, NDArray> weights) {
        NDArray head = Objects.requireNonNull(weights.get("weight")); // (parts, D)
        Shape shape = descriptors.getShape(); // (1, D, H, W)
        NDArray rows = rows(descriptors);
        NDArray there = descriptors.getManager().create(parts, new Shape(shape.get(2), shape.get(3)));
        NDArray wanted =
                (mirrored ? there.flip(1) : there).flatten().oneHot(PartPicture.NAMES.size()); // (cells, parts)
        NDArray logs = logits(rows, weights).logSoftmax(1);
        NDArray off = logs.exp().sub(wanted).div(parts.length); // the gradient by the logits
        NDArray byDescriptors = off.matMul(head).transpose().reshape(shape);
        float loss = -logs.mul(wanted).sum().getFloat() / parts.length;
        return new Gradient(
                loss,
                byDescriptors,
                Map.of("weight", off.transpose().matMul(rows), "bias", off.sum(new int[] {0}, true)));
    }
    // @end

    /** Each cell's descriptor: (cells, D) of (1, D, H, W). */
    private static NDArray rows(NDArray descriptors) {
        return descriptors.reshape(descriptors.getShape().get(1), -1).transpose();
    }

    private static NDArray logits(NDArray rows, Map<String, NDArray> weights) {
        return rows.matMul(Objects.requireNonNull(weights.get("weight")).transpose())
                .add(Objects.requireNonNull(weights.get("bias")));
    }

    /** The part in each cell, as far as the head knows. */
    static long[] parts(NDArray descriptors, Map<String, NDArray> weights) {
        return logits(rows(descriptors), weights).argMax(1).toLongArray();
    }
}
