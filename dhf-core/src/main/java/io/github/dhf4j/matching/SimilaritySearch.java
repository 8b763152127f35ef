package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import java.util.List;

/**
 * How similar single descriptors are to every pixel of one target at its match size. The inner product with an interpolated
 * map is the interpolation of the inner products with its cells, so nothing larger than one number a pixel is built. Of
 * descriptors that are compared by products the pixels are the cells.
 *
 * <p>Source: reference, matching. Differs in the order of sums only.
 */
final class SimilaritySearch {
    private static final int AT_ONCE = 20;

    private final DescriptorMap target;
    private final Comparison comparison;

    SimilaritySearch(DescriptorMap target) {
        this.target = target;
        comparison = target.products() == null ? new Cosines(target) : new Products(new CellLengths(target));
    }

    /** What is done with the similarities of one query. */
    @FunctionalInterface
    interface Visitor {
        void visit(int query, Similarities found);
    }

    /** Makes similarities of a descriptor's inner products with all cells. */
    private interface Comparison {
        float[] prepared(float[] descriptor);

        Similarities of(float[] prepared, float[] products);
    }

    private static final class Cosines implements Comparison {
        private final Size size;
        private final BilinearAxis across;
        private final BilinearAxis down;
        private final float[] inverseNorms;
        private final float[] cosines;

        Cosines(DescriptorMap target) {
            size = target.size();
            across = BilinearAxis.across(target, target.matchSize().width());
            down = BilinearAxis.down(target, target.matchSize().height());
            inverseNorms = new UpsampledNorms(size).add(target).inverse(across, down);
            cosines = new float[inverseNorms.length];
        }

        @Override
        public float[] prepared(float[] descriptor) {
            return unit(descriptor);
        }

        @Override
        public Similarities of(float[] prepared, float[] products) {
            interpolate(products, size, across, down, inverseNorms, cosines);
            return new Similarities(cosines, 1, null);
        }
    }

    private record Products(CellLengths lengths) implements Comparison {
        @Override
        public float[] prepared(float[] descriptor) {
            return descriptor;
        }

        @Override
        public Similarities of(float[] prepared, float[] products) {
            return new Similarities(products, length(prepared), lengths);
        }
    }

    /** Runs queries given as pixels of the match size of a source. */
    void search(DescriptorMap source, List<MatchPixel> queries, Visitor visitor) {
        for (int begin = 0; begin < queries.size(); begin += AT_ONCE) {
            List<MatchPixel> some = queries.subList(begin, Math.min(begin + AT_ONCE, queries.size()));
            float[][] descriptors = new float[some.size()][];
            for (int i = 0; i < descriptors.length; i++) {
                descriptors[i] = comparison.prepared(descriptorAt(source, some.get(i)));
            }
            float[][] products =
                    new float[some.size()][target.size().width() * target.size().height()];
            CellProductSums.add(descriptors, target, products);
            for (int i = 0; i < descriptors.length; i++) {
                visitor.visit(begin + i, comparison.of(descriptors[i], products[i]));
            }
        }
    }

    /** The interpolated descriptor at a pixel of the match size. */
    static float[] descriptorAt(DescriptorMap map, MatchPixel pixel) {
        boolean between = map.products() != null;
        int w = map.size().width();
        int h = map.size().height();
        BilinearAxis across = between
                ? BilinearAxis.at(pixel.x(), w)
                : BilinearAxis.across(map, map.matchSize().width());
        BilinearAxis down = between
                ? BilinearAxis.at(pixel.y(), h)
                : BilinearAxis.down(map, map.matchSize().height());
        return between(map, across, between ? 0 : (int) pixel.x(), down, between ? 0 : (int) pixel.y());
    }

    /** The descriptor between cells, of places of both axes. */
    static float[] between(DescriptorMap map, BilinearAxis across, int column, BilinearAxis down, int row) {
        int w = map.size().width();
        int cells = w * map.size().height();
        float u = across.fraction()[column];
        float v = down.fraction()[row];
        int p = down.low()[row] * w + across.low()[column];
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
        float scale = (float) (1 / squareRoot(descriptor));
        for (int c = 0; c < descriptor.length; c++) {
            descriptor[c] *= scale;
        }
        return descriptor;
    }

    private static float length(float[] descriptor) {
        return (float) squareRoot(descriptor);
    }

    /** Of the sum of squares; above 0. */
    private static double squareRoot(float[] descriptor) {
        double squared = 0;
        for (float value : descriptor) {
            squared += (double) value * value;
        }
        return Math.max(Math.sqrt(squared), 1e-12);
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
        // a row at a time in arrays of its own: see CellProductSums
        float[] norms = new float[columns];
        float[] row = new float[columns];
        for (int y = 0; y < down.size(); y++) {
            float v = down.fraction()[y];
            float[] upper = rows[down.low()[y]];
            float[] lower = v > 0 ? rows[down.low()[y] + 1] : upper;
            System.arraycopy(inverseNorms, y * columns, norms, 0, columns);
            for (int x = 0; x < columns; x++) {
                row[x] = (upper[x] * (1 - v) + lower[x] * v) * norms[x];
            }
            System.arraycopy(row, 0, cosines, y * columns, columns);
        }
    }
}
