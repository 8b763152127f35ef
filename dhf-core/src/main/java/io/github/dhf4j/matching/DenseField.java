package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.image.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where every cell of an image is in another, neighbours agreeing: what the cosines of its descriptors say, and that what lies
 * side by side mostly comes out side by side. With a confidence for each cell. Immutable, heap memory only.
 *
 * <p>A place's cost is by how many deviations its cosine lies below the mean of all, so that one prior serves networks of wide
 * and narrow spread. Costs are gathered along eight straight lines to each cell ({@code ScanLines}) under a prior that lets a step of
 * one cell go free ({@code Continuity}): a turned or mirrored thing costs nothing, a tear does. The place is the mean of the best
 * cell's neighbourhood by what they cost.
 *
 * <p>Memory: 8 bytes for each pair of cells, 128 MB for 64 x 64 cells in both.
 */
public final class DenseField {
    /**
     * What a cell past the free one costs, in deviations of the cosines, and the most that a step costs: of those tried the best on
     * validation pairs of the rendered world, by descriptors of long and of short training.
     */
    private static final Continuity PRIOR = new Continuity(0.1f, 0.25f);

    /** Costs that differ by this much differ by e in weight; of those tried the one whose confidence is nearest to what is right. */
    private static final double TEMPERATURE = 0.6;

    private static final double NEAR = 0.1;
    private static final long MOST_PAIRS = 96L * 96 * 96 * 96;

    private final Size size;
    private final MapExtent extent;
    private final Size sourceSize;
    private final Size targetSize;
    private final float[] places;
    private final float[] confidence;

    private DenseField(
            Size size, MapExtent extent, Size sourceSize, Size targetSize, float[] places, float[] confidence) {
        this.size = size;
        this.extent = extent;
        this.sourceSize = sourceSize;
        this.targetSize = targetSize;
        this.places = places;
        this.confidence = confidence;
    }

    /**
     * Matches all cells of one map with another's.
     *
     * @param source descriptors of the first image
     * @param target descriptors of the second
     * @return the field
     * @throws IllegalArgumentException if the maps are not comparable, or too large: more than 96 x 96 cells in both
     */
    public static DenseField of(DescriptorMap source, DescriptorMap target) {
        return of(source, target, PRIOR, TEMPERATURE);
    }

    static DenseField of(DescriptorMap source, DescriptorMap target, Continuity prior, double temperature) {
        source.requireComparable(target);
        float[][] beliefs = ScanLines.aggregate(source.size(), target.size(), costs(source, target), prior);
        float[] places = new float[2 * beliefs.length];
        float[] confidence = new float[beliefs.length];
        List<Point> centres = new ArrayList<>();
        for (int j = 0; j < target.size().width() * target.size().height(); j++) {
            centres.add(MatchPixel.cellCentre(j, target));
        }
        double radius = NEAR * target.imageSize().longerSide();
        IntStream.range(0, beliefs.length).parallel().forEach(i -> {
            float[] belief = beliefs[i];
            int best = best(belief);
            double[] weights = new double[belief.length];
            for (int j = 0; j < weights.length; j++) {
                weights[j] = Math.exp((belief[best] - belief[j]) / temperature);
            }
            Point at = around(weights, best, target.size(), centres);
            places[2 * i] = (float) at.x();
            places[2 * i + 1] = (float) at.y();
            confidence[i] = (float) near(weights, at, radius, centres);
        });
        return new DenseField(
                source.size(), source.extent(), source.imageSize(), target.imageSize(), places, confidence);
    }

    /** For each source cell what each target cell costs. */
    private static float[][] costs(DescriptorMap source, DescriptorMap target) {
        int n = source.size().width() * source.size().height();
        int m = target.size().width() * target.size().height();
        if ((long) n * m > MOST_PAIRS) {
            throw new IllegalArgumentException("maps for a dense field must have at most 96 x 96 cells, got "
                    + source.size() + " and " + target.size() + "; describe the images with a smaller map size");
        }
        float[][] costs = new float[n][];
        double[] sums = new double[2];
        CellCosines.visit(source, target, (begin, count, products) -> {
            for (float cosine : products) {
                sums[0] += cosine;
                sums[1] += (double) cosine * cosine;
            }
            for (int i = 0; i < count; i++) {
                costs[begin + i] = Arrays.copyOfRange(products, i * m, (i + 1) * m);
            }
        });
        double pairs = (double) n * m;
        double mean = sums[0] / pairs;
        double deviation = Math.sqrt(Math.max(sums[1] / pairs - mean * mean, 0));
        float scale = (float) (1 / Math.max(deviation, 1e-9));
        for (float[] row : costs) {
            for (int j = 0; j < m; j++) {
                row[j] = (float) (mean - row[j]) * scale;
            }
        }
        return costs;
    }

    private static int best(float[] costs) {
        int best = 0;
        for (int i = 1; i < costs.length; i++) {
            best = costs[i] < costs[best] ? i : best;
        }
        return best;
    }

    /** The mean place of the best cell and those beside it, in the target's own pixels. */
    private static Point around(double[] weights, int best, Size grid, List<Point> centres) {
        int x = best % grid.width();
        int y = best / grid.width();
        WindowMean mean = new WindowMean();
        for (int v = Math.max(0, y - 1); v <= Math.min(grid.height() - 1, y + 1); v++) {
            for (int u = Math.max(0, x - 1); u <= Math.min(grid.width() - 1, x + 1); u++) {
                int cell = v * grid.width() + u;
                mean.add(weights[cell], centres.get(cell).x(), centres.get(cell).y());
            }
        }
        return mean.place();
    }

    /** The share of all weight that lies within a radius of a place. */
    private static double near(double[] weights, Point place, double radius, List<Point> centres) {
        double near = 0;
        double all = 0;
        for (int j = 0; j < weights.length; j++) {
            double x = centres.get(j).x() - place.x();
            double y = centres.get(j).y() - place.y();
            all += weights[j];
            near += x * x + y * y <= radius * radius ? weights[j] : 0;
        }
        return near / all;
    }

    /**
     * How many cells.
     *
     * @return columns and rows of the source's map
     */
    public Size size() {
        return size;
    }

    /**
     * The first image's size.
     *
     * @return in its own pixels
     */
    public Size sourceSize() {
        return sourceSize;
    }

    /**
     * The second image's size.
     *
     * @return in its own pixels
     */
    public Size targetSize() {
        return targetSize;
    }

    /**
     * Where a place of the first image is in the second: between the four cells about it, those left out that go elsewhere
     * than the nearest.
     *
     * @param point in pixels of the first image
     * @return in pixels of the second
     * @throws IllegalArgumentException if the point lies outside the first image
     */
    public Point at(Point point) {
        Corners corners = corners(point);
        Point nearest = place(corners.nearest());
        double apart = 3.0 * targetSize.longerSide() / Math.max(size.width(), size.height());
        WindowMean mean = new WindowMean();
        for (int k = 0; k < 4; k++) {
            Point place = place(corners.cells[k]);
            if (place.distanceTo(nearest) <= apart) {
                mean.add(corners.weights[k], place.x(), place.y());
            }
        }
        return mean.place();
    }

    /**
     * How sure the place of a point is: the share of all belief that lies within a tenth of the second image of it. Not
     * calibrated on anything, unlike {@link Correspondence#confidence}.
     *
     * @param point in pixels of the first image
     * @return between the four cells about it, 0 to 1
     * @throws IllegalArgumentException if the point lies outside the first image
     */
    public double confidenceAt(Point point) {
        Corners corners = corners(point);
        double sum = 0;
        for (int k = 0; k < 4; k++) {
            sum += corners.weights[k] * confidence[corners.cells[k]];
        }
        return sum;
    }

    /**
     * Places points where the field has them.
     *
     * @param source descriptors of the first image, of which the field is
     * @param target descriptors of the second
     * @param points in pixels of the first image
     * @return a correspondence for each point, in order, with the cosine at its place and the field's confidence
     * @throws IllegalArgumentException if a point lies outside the first image
     */
    public List<Correspondence> match(DescriptorMap source, DescriptorMap target, List<Point> points) {
        List<MatchPixel> queries =
                points.stream().map(point -> MatchPixel.of(point, source)).toList();
        List<Correspondence> found = new ArrayList<>();
        new SimilaritySearch(target).search(source, queries, (i, similar) -> {
            Point place = at(points.get(i));
            float cosine = similar.cosine(MatchPixel.index(place, target));
            found.add(new Correspondence(points.get(i), place, cosine, confidenceAt(points.get(i)), Double.NaN));
        });
        return found;
    }

    /**
     * Moves what was found to where the field has it: matches that were chosen by themselves, placed so that neighbours agree.
     *
     * @param found matches of the two images that this was made of
     * @param source descriptors of the first image
     * @param target descriptors of the second
     * @return the same sources in the same order, as {@link #match} has them; that they are absent is as sure as it was
     */
    public List<Correspondence> moved(List<Correspondence> found, DescriptorMap source, DescriptorMap target) {
        List<Correspondence> placed =
                match(source, target, found.stream().map(Correspondence::source).toList());
        return IntStream.range(0, placed.size())
                .mapToObj(i -> placed.get(i).withAbsence(found.get(i).absence()))
                .toList();
    }

    private Point place(int cell) {
        return new Point(places[2 * cell], places[2 * cell + 1]);
    }

    /** The four cells about a point, how much each weighs, and which is the nearest. */
    private record Corners(int[] cells, double[] weights) {
        int nearest() {
            int most = 0;
            for (int k = 1; k < weights.length; k++) {
                most = weights[k] > weights[most] ? k : most;
            }
            return cells[most];
        }
    }

    private Corners corners(Point point) {
        point.requireWithin(sourceSize);
        double across = along((point.x() + 0.5) / sourceSize.width(), extent.left(), extent.right(), size.width());
        double down = along((point.y() + 0.5) / sourceSize.height(), extent.top(), extent.bottom(), size.height());
        int x = (int) Math.min(across, Math.max(0, size.width() - 2));
        int y = (int) Math.min(down, Math.max(0, size.height() - 2));
        int right = size.width() > 1 ? 1 : 0;
        int below = size.height() > 1 ? size.width() : 0;
        double u = across - x;
        double v = down - y;
        int cell = y * size.width() + x;
        return new Corners(
                new int[] {cell, cell + right, cell + below, cell + below + right},
                new double[] {(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v});
    }

    /** A share of the image's side in cells from the first one's centre, from 0 to the last one's. */
    private static double along(double share, double from, double to, int cells) {
        return Math.max(0, Math.min(cells - 1, (share - from) / (to - from) * cells - 0.5));
    }
}
