package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import java.util.List;

/**
 * Cosines of single descriptors with every pixel of one target at its match size. The inner product with an interpolated
 * map is the interpolation of the inner products with its cells, so nothing larger than one number a pixel is built.
 *
 * <p>Source: reference, matching. Differs in the order of sums only.
 */
final class SimilaritySearch {
    private static final int AT_ONCE = 16;

    private final DescriptorMap target;
    private final BilinearAxis across;
    private final BilinearAxis down;
    private final float[] inverseNorms;

    SimilaritySearch(DescriptorMap target) {
        this.target = target;
        Size grid = target.matchSize();
        across = BilinearAxis.across(target, grid.width());
        down = BilinearAxis.down(target, grid.height());
        inverseNorms = new UpsampledNorms(target.size()).add(target).inverse(across, down);
    }

    /** What is done with the cosines of one query; the array is used again for the next. */
    @FunctionalInterface
    interface Visitor {
        void visit(int query, float[] cosines);
    }

    /** Runs queries given as pixels of the match size of a source. */
    void search(DescriptorMap source, List<MatchPixel> queries, Visitor visitor) {
        float[] cosines = new float[across.size() * down.size()];
        for (int begin = 0; begin < queries.size(); begin += AT_ONCE) {
            List<MatchPixel> some = queries.subList(begin, Math.min(begin + AT_ONCE, queries.size()));
            float[][] descriptors = new float[some.size()][];
            for (int i = 0; i < descriptors.length; i++) {
                descriptors[i] = unit(descriptorAt(source, some.get(i)));
            }
            float[][] products =
                    new float[some.size()][target.size().width() * target.size().height()];
            addProducts(descriptors, target, products);
            for (int i = 0; i < descriptors.length; i++) {
                interpolate(products[i], target.size(), across, down, inverseNorms, cosines);
                visitor.visit(begin + i, cosines);
            }
        }
    }

    /** The interpolated descriptor at a pixel of the match size. */
    static float[] descriptorAt(DescriptorMap map, MatchPixel pixel) {
        BilinearAxis across = BilinearAxis.across(map, map.matchSize().width());
        BilinearAxis down = BilinearAxis.down(map, map.matchSize().height());
        int w = map.size().width();
        int cells = w * map.size().height();
        float u = across.fraction()[pixel.x()];
        float v = down.fraction()[pixel.y()];
        int p = down.low()[pixel.y()] * w + across.low()[pixel.x()];
        int q = u > 0 ? p + 1 : p;
        int step = v > 0 ? w : 0;
        float[] values = map.values();
        float[] descriptor = new float[map.channels()];
        for (int c = 0, base = 0; c < descriptor.length; c++, base += cells) {
            float upper = values[base + p] * (1 - u) + values[base + q] * u;
            float lower = values[base + p + step] * (1 - u) + values[base + q + step] * u;
            descriptor[c] = upper * (1 - v) + lower * v;
        }
        return descriptor;
    }

    /** The same direction at length 1, in place. */
    static float[] unit(float[] descriptor) {
        double squared = 0;
        for (float value : descriptor) {
            squared += (double) value * value;
        }
        float scale = (float) (1 / Math.max(Math.sqrt(squared), 1e-12));
        for (int c = 0; c < descriptor.length; c++) {
            descriptor[c] *= scale;
        }
        return descriptor;
    }

    /** Adds each descriptor's inner products with all cells of a map. */
    static void addProducts(float[][] descriptors, DescriptorMap map, float[][] products) {
        int cells = map.size().width() * map.size().height();
        float[] values = map.values();
        for (int c = 0; c < map.channels(); c++) {
            int base = c * cells;
            for (int i = 0; i < descriptors.length; i++) {
                float factor = descriptors[i][c];
                float[] sums = products[i];
                for (int p = 0; p < cells; p++) {
                    sums[p] += factor * values[base + p];
                }
            }
        }
    }

    /** From inner products with cells to cosines with pixels. */
    static void interpolate(
            float[] products,
            Size size,
            BilinearAxis across,
            BilinearAxis down,
            float[] inverseNorms,
            float[] cosines) {
        int w = size.width();
        int h = size.height();
        int columns = across.size();
        float[][] rows = new float[h][columns];
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < columns; x++) {
                int p = y * w + across.low()[x];
                float u = across.fraction()[x];
                rows[y][x] = u > 0 ? products[p] * (1 - u) + products[p + 1] * u : products[p];
            }
        }
        for (int y = 0, i = 0; y < down.size(); y++) {
            float v = down.fraction()[y];
            float[] upper = rows[down.low()[y]];
            float[] lower = v > 0 ? rows[down.low()[y] + 1] : upper;
            for (int x = 0; x < columns; x++, i++) {
                cosines[i] = (upper[x] * (1 - v) + lower[x] * v) * inverseNorms[i];
            }
        }
    }
}
