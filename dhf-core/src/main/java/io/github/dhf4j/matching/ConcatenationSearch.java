package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Nearest neighbours by the cosine of concatenated maps, without the concatenation: inner products and squared lengths
 * are sums over the parts, which come one after the other and are not kept. What stays is a few numbers a cell.
 *
 * <p>Source: the paper's row SD-Concat-All.
 */
public final class ConcatenationSearch {
    private final List<Point> points;
    private final List<MatchPixel> queries = new ArrayList<>();
    private @Nullable UpsampledNorms norms;
    private @Nullable DescriptorMap last;
    private float[][] products = {};
    private double[] squares = {};

    /**
     * Begins a search.
     *
     * @param points in pixels of the source image
     */
    public ConcatenationSearch(List<Point> points) {
        this.points = List.copyOf(points);
    }

    /**
     * Adds a part of both concatenations.
     *
     * @param source a part of the first image's descriptors; all parts of one size
     * @param target the same part of the second image's
     * @throws IllegalArgumentException if the two are of different origin or width
     */
    public void add(DescriptorMap source, DescriptorMap target) {
        source.requireComparable(target);
        UpsampledNorms sums = norms;
        if (sums == null) {
            points.forEach(point -> queries.add(MatchPixel.of(point, source)));
            sums = new UpsampledNorms(target.size());
            norms = sums;
            products = new float[points.size()]
                    [target.size().width() * target.size().height()];
            squares = new double[points.size()];
        } else if (last == null || !last.size().equals(target.size())) {
            throw new IllegalArgumentException("parts must be of one size, got " + last + " and " + target);
        }
        float[][] descriptors = new float[points.size()][];
        for (int i = 0; i < descriptors.length; i++) {
            descriptors[i] = SimilaritySearch.descriptorAt(source, queries.get(i));
            for (float value : descriptors[i]) {
                squares[i] += (double) value * value;
            }
        }
        CellProductSums.add(descriptors, target, products);
        sums.add(target);
        last = target;
    }

    /**
     * The best places over all parts.
     *
     * @param localizer where a point is taken to be
     * @return a correspondence for each point, in order
     */
    public List<Correspondence> locate(Localizer localizer) {
        if (last == null || norms == null) {
            throw new IllegalStateException("a search must have a part, got none");
        }
        Size grid = last.matchSize();
        BilinearAxis across = BilinearAxis.across(last, grid.width());
        BilinearAxis down = BilinearAxis.down(last, grid.height());
        float[] inverse = norms.inverse(across, down);
        float[] cosines = new float[inverse.length];
        List<Correspondence> found = new ArrayList<>();
        for (int i = 0; i < products.length; i++) {
            SimilaritySearch.interpolate(products[i], last.size(), across, down, inverse, cosines);
            int best = CosineMatcher.argMax(cosines);
            double length = Math.max(Math.sqrt(squares[i]), 1e-12);
            double similarity = cosines[best] / length;
            // queries are not of length 1 here, and a window weighs by cosines
            for (int p = 0; p < cosines.length; p++) {
                cosines[p] = (float) (cosines[p] / length);
            }
            Point place = CosineMatcher.locate(cosines, best, last, localizer);
            found.add(new Correspondence(points.get(i), place, similarity));
        }
        return found;
    }
}
