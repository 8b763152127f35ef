package io.github.dhf4j.matching;

import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.MatchEvidence;
import io.github.dhf4j.image.Size;
import java.util.ArrayList;
import java.util.List;

/** Nearest neighbour by cosine: points at the match size, all cells at the map's size. */
public final class CosineMatcher implements CorrespondenceMatcher {
    /** Creates the matcher; it holds nothing. */
    public CosineMatcher() {}

    @Override
    public List<Correspondence> match(
            DescriptorMap source, DescriptorMap target, List<Point> points, MatchOptions options) {
        source.requireComparable(target);
        List<MatchPixel> queries =
                points.stream().map(point -> MatchPixel.of(point, source)).toList();
        List<Correspondence> found = new ArrayList<>();
        List<MatchPixel> reached = new ArrayList<>();
        List<Double> margins = new ArrayList<>();
        new SimilaritySearch(target).search(source, queries, (i, cosines) -> {
            int best = argMax(cosines);
            reached.add(MatchPixel.at(best, target));
            Point place = locate(cosines, best, target, options.localizer());
            found.add(new Correspondence(points.get(i), place, cosines[best]));
            if (options.confidence()) {
                margins.add((double) cosines[best] - elsewhere(cosines, target.matchSize(), reached.get(i)));
            }
        });
        if (!options.confidence() && !options.mutual()) {
            return found;
        }
        List<MatchPixel> back = back(source, target, reached);
        List<Correspondence> trusted = options.confidence() ? trusted(source, found, queries, back, margins) : found;
        return options.mutual() ? mutual(source, trusted, back) : trusted;
    }

    /** Where the places that were reached lead back to. */
    private static List<MatchPixel> back(DescriptorMap source, DescriptorMap target, List<MatchPixel> reached) {
        List<MatchPixel> back = new ArrayList<>();
        new SimilaritySearch(source)
                .search(target, reached, (i, cosines) -> back.add(MatchPixel.at(argMax(cosines), source)));
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

    private static List<Correspondence> trusted(
            DescriptorMap source,
            List<Correspondence> found,
            List<MatchPixel> queries,
            List<MatchPixel> back,
            List<Double> margins) {
        double company =
                found.stream().mapToDouble(Correspondence::similarity).average().orElse(0);
        ConfidenceModel fitted = source.confidence();
        ConfidenceModel model = fitted != null ? fitted : ConfidenceModel.DEFAULT;
        double side = Math.max(source.matchSize().width(), source.matchSize().height());
        List<Correspondence> trusted = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            Correspondence match = found.get(i);
            MatchPixel from = queries.get(i);
            double wayBack = Math.hypot(back.get(i).x() - from.x(), back.get(i).y() - from.y()) / side;
            MatchEvidence evidence = new MatchEvidence(match.similarity(), margins.get(i), wayBack, company);
            trusted.add(new Correspondence(
                    match.source(), match.target(), match.similarity(), model.right(evidence), model.absent(evidence)));
        }
        return trusted;
    }

    /** The highest cosine away from the best; the best itself where nothing is so far away. */
    private static float elsewhere(float[] cosines, Size grid, MatchPixel best) {
        double radius = MatchEvidence.ELSEWHERE * Math.max(grid.width(), grid.height());
        float highest = Float.NEGATIVE_INFINITY;
        for (int y = 0, i = 0; y < grid.height(); y++) {
            double down = (double) (y - best.y()) * (y - best.y());
            for (int x = 0; x < grid.width(); x++, i++) {
                if (cosines[i] > highest && down + (double) (x - best.x()) * (x - best.x()) > radius * radius) {
                    highest = cosines[i];
                }
            }
        }
        return highest == Float.NEGATIVE_INFINITY ? cosines[best.y() * grid.width() + best.x()] : highest;
    }

    @Override
    public List<Correspondence> matchAll(DescriptorMap source, DescriptorMap target, MatchOptions options) {
        source.requireComparable(target);
        CellMatches cells = CellMatches.of(source, target);
        List<Correspondence> found = new ArrayList<>();
        List<MatchPixel> queries = new ArrayList<>();
        for (int i = 0; i < cells.forward().length; i++) {
            int j = cells.forward()[i];
            if (!options.mutual() || cells.backward()[j] == i) {
                Point from = MatchPixel.cellCentre(i, source);
                found.add(new Correspondence(from, MatchPixel.cellCentre(j, target), cells.cosines()[i]));
                queries.add(MatchPixel.of(from, source));
            }
        }
        return options.localizer() instanceof Nearest
                ? found
                : located(source, target, found, queries, options.localizer());
    }

    private static List<Correspondence> located(
            DescriptorMap source,
            DescriptorMap target,
            List<Correspondence> found,
            List<MatchPixel> queries,
            Localizer localizer) {
        List<Correspondence> finer = new ArrayList<>();
        new SimilaritySearch(target).search(source, queries, (i, cosines) -> {
            MatchPixel start = MatchPixel.of(found.get(i).target(), target);
            finer.add(new Correspondence(
                    found.get(i).source(),
                    locate(cosines, start.y() * target.matchSize().width() + start.x(), target, localizer),
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
        new SimilaritySearch(target).search(source, queries, (i, cosines) -> {
            List<Correspondence> best = new ArrayList<>();
            while (best.size() < k) {
                int at = argMax(cosines);
                if (cosines[at] == Float.NEGATIVE_INFINITY) {
                    break;
                }
                MatchPixel pixel = MatchPixel.at(at, target);
                int x = pixel.x();
                int y = pixel.y();
                best.add(new Correspondence(points.get(i), pixel.toImage(target), cosines[at]));
                for (int v = Math.max(0, y - apartY + 1); v < Math.min(grid.height(), y + apartY); v++) {
                    for (int u = Math.max(0, x - apartX + 1); u < Math.min(grid.width(), x + apartX); u++) {
                        cosines[v * grid.width() + u] = Float.NEGATIVE_INFINITY;
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
                        (i, cosines) ->
                                result[0] = new SimilarityMap(point, target.matchSize(), target.imageSize(), cosines));
        return result[0];
    }

    static Point locate(float[] cosines, int best, DescriptorMap target, Localizer localizer) {
        Point place = localizer.locate(cosines, target.matchSize(), target.size(), best);
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
