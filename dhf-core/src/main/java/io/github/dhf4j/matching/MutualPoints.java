package io.github.dhf4j.matching;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.tensor.TorchEngine;
import java.util.ArrayList;
import java.util.List;

/**
 * Matches points that are given in both images, such as a detector's: descriptors are interpolated between cells at the very
 * places, and a pair of points stays that are each other's nearest by cosine.
 */
public final class MutualPoints {
    private MutualPoints() {}

    /**
     * Matches.
     *
     * @param source descriptors of the first image
     * @param from points in its pixels, of whose centres coordinates are whole
     * @param target descriptors of the second image
     * @param to points in its pixels
     * @return mutual nearest neighbours, in the order of the first image's points; of equals the first counts
     */
    public static List<Correspondence> match(
            DescriptorMap source, List<Point> from, DescriptorMap target, List<Point> to) {
        source.requireComparable(target);
        if (from.isEmpty() || to.isEmpty()) {
            return List.of();
        }
        float[] cosines = cosines(descriptors(source, from), descriptors(target, to), source.channels());
        int[] there = new int[from.size()];
        int[] back = new int[to.size()];
        for (int i = 0; i < there.length; i++) {
            for (int j = 0; j < back.length; j++) {
                float cosine = cosines[i * back.length + j];
                there[i] = cosine > cosines[i * back.length + there[i]] ? j : there[i];
                back[j] = cosine > cosines[back[j] * back.length + j] ? i : back[j];
            }
        }
        List<Correspondence> matches = new ArrayList<>();
        for (int i = 0; i < there.length; i++) {
            if (back[there[i]] == i) {
                matches.add(new Correspondence(from.get(i), to.get(there[i]), cosines[i * back.length + there[i]]));
            }
        }
        return matches;
    }

    /** (points, D), each of length 1. */
    private static float[] descriptors(DescriptorMap map, List<Point> points) {
        Size image = map.imageSize();
        Size cells = map.size();
        float[] all = new float[points.size() * map.channels()];
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            point.requireWithin(image);
            double column = map.extent().column((point.x() + 0.5) / image.width(), cells.width());
            double row = map.extent().row((point.y() + 0.5) / image.height(), cells.height());
            float[] one = SimilaritySearch.unit(
                    SimilaritySearch.between(map, place(column, cells.width()), 0, place(row, cells.height()), 0));
            System.arraycopy(one, 0, all, i * one.length, one.length);
        }
        return all;
    }

    private static BilinearAxis place(double at, int cells) {
        return BilinearAxis.at(Math.max(0, Math.min(cells - 1, at)), cells);
    }

    private static float[] cosines(float[] source, float[] target, int channels) {
        try (NDManager manager = TorchEngine.newManager(Device.cpu());
                NDArray rows = HostTensors.of(manager, source, new Shape(source.length / channels, channels));
                NDArray columns = HostTensors.of(manager, target, new Shape(target.length / channels, channels))
                        .transpose();
                NDArray product = rows.matMul(columns)) {
            return HostTensors.floats(product);
        }
    }
}
