package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.DescriptorOrigin;
import io.github.dhf4j.image.Size;

/**
 * Two descriptor maps of one image as one: both resized to the larger number of cells, every descriptor scaled to length
 * 1, and laid one behind the other with weights of 0.5, so that the cosine of the whole is the mean of both cosines.
 *
 * <p>Source: Zhang et al., A Tale of Two Features, arXiv 2305.15347, section 3.3.
 */
public final class DescriptorFusion {
    private DescriptorFusion() {}

    /**
     * Joins two maps.
     *
     * @param a (D1, H1, W1) of an image
     * @param b (D2, H2, W2) of the same image, maybe at another load size
     * @return (D1 + D2, max(H1, H2), max(W1, W2)), with the first map's load and match size, and both origins as one
     * @throws IllegalArgumentException if they are not of images of one size
     */
    public static DescriptorMap of(DescriptorMap a, DescriptorMap b) {
        if (!a.imageSize().equals(b.imageSize())) {
            throw new IllegalArgumentException(
                    "descriptors must be of one image, got images of " + a.imageSize() + " and " + b.imageSize());
        }
        Size size = new Size(
                Math.max(a.size().width(), b.size().width()),
                Math.max(a.size().height(), b.size().height()));
        int cells = size.width() * size.height();
        float[] values = new float[(a.channels() + b.channels()) * cells];
        put(a, size, values, 0);
        put(b, size, values, a.channels() * cells);
        DescriptorOrigin first = a.origin();
        DescriptorOrigin second = b.origin();
        return new DescriptorMap(a.channels() + b.channels(), size, values, a.imageSize(), a.loadSize())
                .withMatchSize(a.matchSize())
                .withOrigin(first == null || second == null ? null : first.joined(second));
    }

    private static void put(DescriptorMap map, Size size, float[] values, int offset) {
        BilinearAxis rows = BilinearAxis.down(map, size.height());
        BilinearAxis columns = BilinearAxis.across(map, size.width());
        int width = map.size().width();
        int cells = size.width() * size.height();
        float[] from = map.values();
        double[] squares = new double[cells];
        for (int c = 0; c < map.channels(); c++) {
            int channel = c * width * map.size().height();
            for (int y = 0; y < size.height(); y++) {
                int above = channel + rows.low()[y] * width;
                float v = rows.fraction()[y];
                int below = v == 0 ? above : above + width;
                for (int x = 0; x < size.width(); x++) {
                    int left = columns.low()[x];
                    float u = columns.fraction()[x];
                    int right = u == 0 ? left : left + 1;
                    float value = (1 - v) * ((1 - u) * from[above + left] + u * from[above + right])
                            + v * ((1 - u) * from[below + left] + u * from[below + right]);
                    values[offset + c * cells + y * size.width() + x] = value;
                    squares[y * size.width() + x] += (double) value * value;
                }
            }
        }
        for (int i = 0; i < cells; i++) {
            float scale = (float) (Math.sqrt(0.5) / Math.max(1e-8, Math.sqrt(squares[i])));
            for (int c = 0; c < map.channels(); c++) {
                values[offset + c * cells + i] *= scale;
            }
        }
    }
}
