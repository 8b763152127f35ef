package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.MatchEvidence;
import io.github.dhf4j.image.Size;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Nearest neighbour by cosine: points at the match size, all cells at the map's size. Of descriptors that are compared by plain
 * products ({@link DescriptorMap#products}) the nearest is that of the highest product; what is said of it is a cosine all the
 * same.
 */
public final class CosineMatcher implements CorrespondenceMatcher {
    /** Creates the matcher; it holds nothing. */
    public CosineMatcher() {}

    /** What a search for points found: for each its pixel in the source, its match, and the pixel that it reached. */
    private record Found(List<MatchPixel> from, List<Correspondence> matches, List<MatchPixel> reached) {}

    @Override
    public List<Correspondence> match(
            DescriptorMap source, DescriptorMap target, List<Point> points, MatchOptions options) {
        List<MatchEvidence> evidence = new ArrayList<>();
        Found found = search(source, target, points, options.localizer(), options.confidence() ? evidence : null);
        if (!options.confidence() && !options.mutual()) {
            return found.matches;
        }
        List<MatchPixel> back = back(source, target, found.reached);
        List<Correspondence> matches = options.confidence()
                ? MatchTrust.together(source, MatchTrust.evidence(source, found.matches, evidence, found.from, back))
                : found.matches;
        return options.mutual() ? mutual(source, matches, back) : matches;
    }

    /**
     * Matches given points and says what tells how far each match can be trusted, such as to fit that to what is right.
     *
     * @param source descriptors of the first image
     * @param target descriptors of the second image
     * @param points in pixels of the first image
     * @param localizer where in the target a point is taken to be
     * @return a match for each point, in order
     */
    public List<EvidencedMatch> matchWithEvidence(
            DescriptorMap source, DescriptorMap target, List<Point> points, Localizer localizer) {
        List<MatchEvidence> evidence = new ArrayList<>();
        Found found = search(source, target, points, localizer, evidence);
        List<MatchPixel> back = back(source, target, found.reached);
        return MatchTrust.evidence(source, found.matches, evidence, found.from, back);
    }

    /** Evidence, all but the way back, is added to where it is wanted. */
    private static Found search(
            DescriptorMap source,
            DescriptorMap target,
            List<Point> points,
            Localizer localizer,
            @Nullable List<MatchEvidence> evidence) {
        source.requireComparable(target);
        List<MatchPixel> from =
                points.stream().map(point -> MatchPixel.of(point, source)).toList();
        Found found = new Found(from, new ArrayList<>(), new ArrayList<>());
        new SimilaritySearch(target).search(source, from, (i, similar) -> {
            int best = similar.best();
            found.reached.add(MatchPixel.at(best, target));
            Point place = locate(similar.values(), best, target, localizer);
            found.matches.add(new Correspondence(points.get(i), place, similar.cosine(best)));
            if (evidence != null) {
                evidence.add(MatchTrust.evidence(similar.cosines(), best, target));
            }
        });
        return found;
    }

    /** Where the places that were reached lead back to. */
    private static List<MatchPixel> back(DescriptorMap source, DescriptorMap target, List<MatchPixel> reached) {
        List<MatchPixel> back = new ArrayList<>();
        new SimilaritySearch(source)
                .search(target, reached, (i, similar) -> back.add(MatchPixel.at(similar.best(), source)));
        return back;
    }

    private static List<Correspondence> mutual(
            DescriptorMap source, List<Correspondence> found, List<MatchPixel> back) {
        List<Correspondence> kept = new ArrayList<>();
        double cellX = (double) source.imageSize().width() / source.size().width();
        double cellY = (double) source.imageSize().height() / source.size().height();
        for (int i = 0; i < found.size(); i++) {
            Point to = back.get(i).toImage(source);
            Point from = found.get(i).source();
            if (Math.abs(to.x() - from.x()) <= cellX && Math.abs(to.y() - from.y()) <= cellY) {
                kept.add(found.get(i));
            }
        }
        return kept;
    }

    @Override
    public List<Correspondence> matchAll(DescriptorMap source, DescriptorMap target, MatchOptions options) {
        source.requireComparable(target);
        CellMatches cells = CellMatches.of(source, target, options.confidence());
        List<Correspondence> found = new ArrayList<>();
        List<MatchEvidence> evidence = new ArrayList<>();
        List<MatchPixel> queries = new ArrayList<>();
        for (int i = 0; i < cells.forward().length; i++) {
            int j = cells.forward()[i];
            if (!options.mutual() || cells.mutual(i)) {
                Point from = MatchPixel.cellCentre(i, source);
                found.add(new Correspondence(from, MatchPixel.cellCentre(j, target), cells.cosines()[i]));
                queries.add(MatchPixel.of(from, source));
                if (options.confidence()) {
                    evidence.add(cells.evidence().get(i));
                }
            }
        }
        Localizer localizer = options.localizer();
        List<Correspondence> placed = localizer instanceof Nearest || localizer.equals(Localizer.USUAL)
                ? found
                : located(source, target, found, queries, localizer);
        return options.confidence() ? MatchTrust.alone(source, placed, evidence) : placed;
    }

    private static List<Correspondence> located(
            DescriptorMap source,
            DescriptorMap target,
            List<Correspondence> found,
            List<MatchPixel> queries,
            Localizer localizer) {
        List<Correspondence> finer = new ArrayList<>();
        new SimilaritySearch(target).search(source, queries, (i, similar) -> {
            int start = MatchPixel.index(found.get(i).target(), target);
            finer.add(new Correspondence(
                    found.get(i).source(),
                    locate(similar.values(), start, target, localizer),
                    found.get(i).similarity()));
        });
        return finer;
    }

    @Override
    public List<List<Correspondence>> topMatches(
            DescriptorMap source, DescriptorMap target, List<Point> points, int k) {
        source.requireComparable(target);
        if (k < 1) {
            throw new IllegalArgumentException("k must be 1 or more, got " + k);
        }
        List<MatchPixel> queries =
                points.stream().map(point -> MatchPixel.of(point, source)).toList();
        List<List<Correspondence>> results = new ArrayList<>();
        Size grid = target.matchSize();
        int apartX = Math.max(1, Math.round((float) grid.width() / target.size().width()));
        int apartY =
                Math.max(1, Math.round((float) grid.height() / target.size().height()));
        new SimilaritySearch(target).search(source, queries, (i, similar) -> {
            float[] left = similar.values().clone();
            List<Correspondence> best = new ArrayList<>();
            while (best.size() < k) {
                int at = argMax(left);
                if (left[at] == Float.NEGATIVE_INFINITY) {
                    break;
                }
                MatchPixel pixel = MatchPixel.at(at, target);
                int x = (int) pixel.x();
                int y = (int) pixel.y();
                best.add(new Correspondence(points.get(i), pixel.toImage(target), similar.cosine(at)));
                for (int v = Math.max(0, y - apartY + 1); v < Math.min(grid.height(), y + apartY); v++) {
                    for (int u = Math.max(0, x - apartX + 1); u < Math.min(grid.width(), x + apartX); u++) {
                        left[v * grid.width() + u] = Float.NEGATIVE_INFINITY;
                    }
                }
            }
            results.add(best);
        });
        return results;
    }

    @Override
    public SimilarityMap similarity(DescriptorMap source, Point point, DescriptorMap target) {
        source.requireComparable(target);
        SimilarityMap[] result = new SimilarityMap[1];
        new SimilaritySearch(target)
                .search(
                        source,
                        List.of(MatchPixel.of(point, source)),
                        (i, similar) -> result[0] =
                                new SimilarityMap(point, target.matchSize(), target.imageSize(), similar.cosines()));
        return result[0];
    }

    static Point locate(float[] similarities, int best, DescriptorMap target, Localizer localizer) {
        Point place = Localizer.meant(localizer, target.products() != null)
                .locate(similarities, target.matchSize(), target.size(), best);
        return MatchPixel.toImage(place.x(), place.y(), target);
    }

    static int argMax(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }
}
