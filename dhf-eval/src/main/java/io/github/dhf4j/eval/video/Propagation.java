package io.github.dhf4j.eval.video;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.IndexedImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.matching.UnitDescriptors;
import io.github.dhf4j.tensor.TorchEngine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A video on its way through {@link LabelPropagation}. Holds the descriptors of the first frame and of the frames right before,
 * and nothing else of the video, in native memory on the CPU. For one thread.
 */
public final class Propagation implements AutoCloseable {
    private final LabelPropagation how;
    private final NDManager manager = TorchEngine.newManager(Device.cpu());
    private final DescriptorMap first;
    private final int rows;
    private final int columns;
    private final Frame begin;
    private final Deque<Frame> before = new ArrayDeque<>();

    /** A frame to look at: descriptors of length 1, (cells, D), and what of each label each cell has. */
    private record Frame(NDArray descriptors, CellLabels labels) {}

    Propagation(LabelPropagation how, DescriptorMap first, IndexedImage mask) {
        if (!mask.size().equals(first.imageSize())) {
            throw new IllegalArgumentException(
                    "mask must be of its frame's size, got " + mask.size() + " for " + first.imageSize());
        }
        this.how = how;
        this.first = first;
        this.rows = how.rows(first);
        this.columns = how.columns(first);
        this.begin = new Frame(descriptors(first), CellLabels.of(mask, first));
    }

    private NDArray descriptors(DescriptorMap map) {
        Size size = map.size();
        return HostTensors.of(
                manager, UnitDescriptors.rows(map), new Shape((long) size.width() * size.height(), map.channels()));
    }

    /**
     * Takes the next frame.
     *
     * @param frame its descriptors
     * @return which object each of its pixels belongs to
     * @throws IllegalArgumentException if its descriptors are of another kind or size than the first frame's
     */
    public IndexedImage next(DescriptorMap frame) {
        first.requireComparable(frame);
        if (!frame.size().equals(first.size()) || !frame.imageSize().equals(first.imageSize())) {
            throw new IllegalArgumentException(
                    "frames of a video must be of one size, got " + frame + " after " + first);
        }
        NDArray descriptors = descriptors(frame);
        List<Frame> context = new ArrayList<>(List.of(begin));
        context.addAll(before);
        CellLabels labels = propagate(descriptors, context);
        before.addLast(new Frame(descriptors, labels));
        if (before.size() > how.frames()) {
            before.removeFirst().descriptors.close();
        }
        return labels.mask(frame);
    }

    private CellLabels propagate(NDArray descriptors, List<Frame> context) {
        int width = first.size().width();
        int height = first.size().height();
        float[][] shares = new float[begin.labels.shares().length][width * height];
        for (int y = 0; y < height; y++) {
            int top = Math.max(0, y - rows);
            int bottom = Math.min(height, y + rows + 1);
            Band band = new Band(y, top, bottom - top, products(descriptors, context, y, top, bottom));
            IntStream.range(0, width).parallel().forEach(x -> band.mix(x, context, shares));
        }
        return new CellLabels(shares);
    }

    /** Cosines of a row of cells with those of the rows near it, of each frame: (cells of the row, cells of the rows). */
    private float[][] products(NDArray descriptors, List<Frame> context, int y, int top, int bottom) {
        int width = first.size().width();
        float[][] products = new float[context.size()][];
        try (NDArray row = descriptors.get(rows(y * width, (y + 1) * width))) {
            for (int i = 0; i < products.length; i++) {
                try (NDArray near = context.get(i).descriptors.get(rows(top * width, bottom * width));
                        NDArray turned = near.transpose();
                        NDArray product = row.matMul(turned)) {
                    products[i] = HostTensors.floats(product);
                }
            }
        }
        return products;
    }

    private static NDIndex rows(int from, int to) {
        return new NDIndex().addSliceDim(from, to);
    }

    /** A row of cells with what it may look at. */
    private final class Band {
        private final int y;
        private final int top;
        private final int high;
        private final float[][] products;

        Band(int y, int top, int high, float[][] products) {
            this.y = y;
            this.top = top;
            this.high = high;
            this.products = products;
        }

        /** What is done with a cell that may be looked at. */
        private interface Visitor {
            void visit(float cosine, int frame, int cell);
        }

        private void visit(int x, Visitor visitor) {
            int width = first.size().width();
            int left = Math.max(0, x - columns);
            int right = Math.min(width, x + columns + 1);
            for (int i = 0; i < products.length; i++) {
                for (int row = 0; row < high; row++) {
                    int at = x * high * width + row * width;
                    for (int column = left; column < right; column++) {
                        visitor.visit(products[i][at + column], i, (top + row) * width + column);
                    }
                }
            }
        }

        /** The labels of a cell of this row; those as near as the last of the nearest count too. */
        void mix(int x, List<Frame> context, float[][] shares) {
            float[] nearest = new float[how.nearest()];
            Arrays.fill(nearest, Float.NEGATIVE_INFINITY);
            visit(x, (cosine, frame, cell) -> {
                if (cosine > nearest[0]) {
                    insert(cosine, nearest);
                }
            });
            int here = y * first.size().width() + x;
            double[] sums = new double[shares.length];
            double[] all = new double[1];
            float highest = nearest[nearest.length - 1];
            visit(x, (cosine, frame, cell) -> {
                if (cosine >= nearest[0]) {
                    double weight = Math.exp((cosine - highest) / how.temperature());
                    all[0] += weight;
                    float[][] theirs = context.get(frame).labels.shares();
                    for (int label = 0; label < sums.length; label++) {
                        sums[label] += weight * theirs[label][cell];
                    }
                }
            });
            for (int label = 0; label < sums.length; label++) {
                shares[label][here] = (float) (sums[label] / all[0]);
            }
        }
    }

    /** Into numbers in rising order, whose least goes. */
    private static void insert(float value, float[] rising) {
        int at = 0;
        while (at + 1 < rising.length && rising[at + 1] < value) {
            rising[at] = rising[at + 1];
            at++;
        }
        rising[at] = value;
    }

    /** Frees the descriptors of the frames that were looked at. */
    @Override
    public void close() {
        manager.close();
    }
}
