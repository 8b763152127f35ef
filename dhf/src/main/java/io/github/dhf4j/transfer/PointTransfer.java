package io.github.dhf4j.transfer;

import io.github.dhf4j.eval.annotation.Annotation;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.CorrespondenceMatcher;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.matching.SimilarityMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The key points of one thing. */
final class PointTransfer {
    /** Votes agree, and places are the same, within this share of the longer side. */
    private static final double NEAR = 0.1;

    private final CorrespondenceMatcher matcher;
    private final List<ThingTransfer.Of> exemplars;
    private final @Nullable MatchConfidence confidence;
    private final double minimum;
    private final Set<String> names = new LinkedHashSet<>();

    /** Without a confidence, that of the descriptors' calibration. */
    PointTransfer(
            CorrespondenceMatcher matcher,
            List<ThingTransfer.Of> exemplars,
            @Nullable MatchConfidence confidence,
            double minimum) {
        this.matcher = matcher;
        this.exemplars = List.copyOf(exemplars);
        this.confidence = confidence;
        this.minimum = minimum;
        exemplars.forEach(of -> names.addAll(of.annotation().points().keySet()));
    }

    /** Of all exemplars. */
    Set<String> names() {
        return names;
    }

    Map<String, Annotation.Keypoint> to(DescriptorMap target) {
        Map<String, List<Annotation.Keypoint>> votes = new LinkedHashMap<>();
        for (ThingTransfer.Of of : exemplars) {
            List<String> own = List.copyOf(of.annotation().points().keySet());
            List<Annotation.Keypoint> found = found(of, target);
            for (int i = 0; i < found.size(); i++) {
                votes.computeIfAbsent(own.get(i), name -> new ArrayList<>()).add(found.get(i));
            }
        }
        Map<String, Annotation.Keypoint> sure = new LinkedHashMap<>();
        votes.forEach((name, of) -> {
            Annotation.Keypoint elected = elected(of, NEAR * target.imageSize().longerSide());
            if (elected.confidence() >= minimum) {
                sure.put(name, elected);
            }
        });
        return sure;
    }

    /** The points of one exemplar, in its order. */
    private List<Annotation.Keypoint> found(ThingTransfer.Of of, DescriptorMap target) {
        List<Point> points = of.annotation().points().values().stream()
                .map(Annotation.Keypoint::at)
                .toList();
        if (points.isEmpty()) {
            return List.of();
        }
        if (confidence == null && of.map().confidence() != null) {
            return matcher.match(of.map(), target, points, MatchOptions.USUAL.trusted()).stream()
                    .map(match -> new Annotation.Keypoint(match.target(), match.confidence()))
                    .toList();
        }
        MatchConfidence trusted = confidence == null ? MatchConfidence.DEFAULT : confidence;
        List<SimilarityMap> maps = points.stream()
                .map(point -> matcher.similarity(of.map(), point, target))
                .toList();
        List<Point> places = maps.stream().map(SimilarityMap::best).toList();
        List<Correspondence> back = matcher.match(target, of.map(), places, MatchOptions.USUAL);
        List<Annotation.Keypoint> found = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            SimilarityMap map = maps.get(i);
            double cosine = map.values()[map.argMax()];
            double wayBack = back.get(i).target().distanceTo(points.get(i))
                    / of.map().imageSize().longerSide();
            found.add(new Annotation.Keypoint(
                    places.get(i), trusted.of(cosine, Math.max(0, cosine - bestElsewhere(map)), wayBack)));
        }
        return found;
    }

    /** The best cosine away from the best place; the lowest there is where the picture has no such place. */
    private static double bestElsewhere(SimilarityMap map) {
        int best = map.argMax();
        Size grid = map.size();
        int row = best / grid.width();
        int column = best - row * grid.width();
        double pixel = map.targetSize().longerSide();
        double across = (double) map.targetSize().width() / grid.width() / pixel;
        double down = (double) map.targetSize().height() / grid.height() / pixel;
        double elsewhere = -1;
        for (int y = 0; y < grid.height(); y++) {
            for (int x = 0; x < grid.width(); x++) {
                if (map.at(x, y) > elsewhere && Math.hypot(across * (x - column), down * (y - row)) > NEAR) {
                    elsewhere = map.at(x, y);
                }
            }
        }
        return elsewhere;
    }

    /**
     * The vote that the others are nearest to, weighed by their confidence; of equals the surest. What it has is the best
     * confidence of those that agree, times their share of all.
     */
    static Annotation.Keypoint elected(List<Annotation.Keypoint> votes, double near) {
        double all = votes.stream().mapToDouble(Annotation.Keypoint::confidence).sum();
        Annotation.Keypoint elected = votes.get(0);
        double most = -1;
        double surest = 0;
        for (Annotation.Keypoint candidate : votes) {
            double support = 0;
            double best = 0;
            for (Annotation.Keypoint other : votes) {
                if (candidate.at().distanceTo(other.at()) <= near) {
                    support += other.confidence();
                    best = Math.max(best, other.confidence());
                }
            }
            boolean better = support > most || (support == most && candidate.confidence() > elected.confidence());
            if (better) {
                elected = candidate;
                most = support;
                surest = best;
            }
        }
        return new Annotation.Keypoint(elected.at(), all > 0 ? surest * most / all : 0);
    }
}
