package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The transform of a plane that most of many matches agree with, and which they are: a check for outliers. A thing in two
 * pictures is no plane, so tolerances are wide.
 *
 * <p>A match agrees where it lies, both ways, within the tolerance of where the transform sends it; the way back counts so that
 * no transform wins by sending everything to one place. Seeded: the same matches give the same fit.
 *
 * <p>Source: Fischler and Bolles, Random Sample Consensus, 1981, with the costs of Torr and Zisserman, MLESAC, 2000 (MSAC), and
 * each best sample refitted to what agrees with it (Chum, Matas, Kittler, Locally Optimized RANSAC, 2003).
 *
 * @param kind of the transform
 * @param transform from the first image to the second, in their pixels
 * @param tolerance how far a match may lie off, as a share of the longer side of the image in which it is measured
 * @param sourceSize the first image's, in pixels
 * @param targetSize the second image's
 * @param inliers how many of the matches that it was fitted to agree with it
 * @param matches how many it was fitted to
 */
public record RobustFit(
        PlaneTransform.Kind kind,
        PlaneTransform transform,
        double tolerance,
        Size sourceSize,
        Size targetSize,
        int inliers,
        int matches) {
    /** The tolerance between two maps: a tenth of the image. */
    public static final double USUAL_TOLERANCE = 0.1;

    /** How many of the matches must agree for a fit to hold. */
    private static final double HOLDS = 0.7;

    /** How many of the mutual matches of all cells a fit is made to, the surest ones. */
    private static final double SUREST = 0.5;

    private static final long SEED = 71;
    private static final int DRAWS = 4000;
    private static final int REFITS = 8;
    private static final double SURE = 0.999;

    /**
     * Fits.
     *
     * @param kind of the transform
     * @param matches of two images, in their pixels
     * @param sourceSize the first image's size
     * @param targetSize the second image's
     * @param tolerance as above, above 0, at most 1
     * @return empty where not even twice as many matches as fix a transform agree on one
     */
    public static Optional<RobustFit> of(
            PlaneTransform.Kind kind,
            List<Correspondence> matches,
            Size sourceSize,
            Size targetSize,
            double tolerance) {
        if (!(tolerance > 0 && tolerance <= 1)) {
            throw new IllegalArgumentException(
                    "tolerance must be a share of the image above 0, at most 1, got " + tolerance);
        }
        return new Search(kind, matches, sourceSize, targetSize, tolerance).best();
    }

    /**
     * Fits to the surer half of the mutual nearest neighbours of all cells, by their confidence.
     *
     * @param kind of the transform
     * @param source descriptors of the first image
     * @param target descriptors of the second
     * @return the fit with {@link #USUAL_TOLERANCE}; empty where too few agree on one
     */
    public static Optional<RobustFit> between(PlaneTransform.Kind kind, DescriptorMap source, DescriptorMap target) {
        List<Correspondence> mutual = new CosineMatcher().matchAll(source, target, MatchOptions.MUTUAL.trusted());
        return amongSurest(kind, mutual, source.imageSize(), target.imageSize());
    }

    /**
     * Fits to the surer half of matches, by their confidence.
     *
     * @param kind of the transform
     * @param matches of two images, in their pixels, with confidence
     * @param sourceSize the first image's size
     * @param targetSize the second image's
     * @return the fit with {@link #USUAL_TOLERANCE}; empty where too few agree on one
     */
    public static Optional<RobustFit> amongSurest(
            PlaneTransform.Kind kind, List<Correspondence> matches, Size sourceSize, Size targetSize) {
        List<Correspondence> surest = matches.stream()
                .sorted(Comparator.comparingDouble(Correspondence::confidence).reversed())
                .limit((long) Math.ceil(SUREST * matches.size()))
                .toList();
        return of(kind, surest, sourceSize, targetSize, USUAL_TOLERANCE);
    }

    /**
     * Whether so many matches agree that those which do not are likely wrong.
     *
     * @return true from seven of ten on
     */
    public boolean holds() {
        return inliers >= HOLDS * matches;
    }

    /**
     * Whether a match agrees.
     *
     * @param match of the two images
     * @return true where it lies, both ways, within the tolerance of where the transform sends it
     */
    public boolean agrees(Correspondence match) {
        return new Residuals(transform, sourceSize, targetSize).of(match) <= tolerance;
    }

    /**
     * Moves what does not agree to where the transform sends it, as far as that lies in the second image.
     *
     * @param match of the two images
     * @return the match itself where it agrees; else another place, with the similarity and confidence of the match
     */
    public Correspondence corrected(Correspondence match) {
        Optional<Point> there = agrees(match) ? Optional.empty() : transform.apply(match.source());
        return there.map(point -> match.withTarget(point.within(targetSize))).orElse(match);
    }

    /** How far matches lie off a transform, as shares of the images; the worse of both ways. */
    private static final class Residuals {
        private final PlaneTransform there;
        private final Optional<PlaneTransform> back;
        private final double sourceSide;
        private final double targetSide;

        Residuals(PlaneTransform there, Size sourceSize, Size targetSize) {
            this.there = there;
            this.back = there.inverse();
            this.sourceSide = sourceSize.longerSide();
            this.targetSide = targetSize.longerSide();
        }

        double of(Correspondence match) {
            Optional<Point> to = there.apply(match.source());
            Optional<Point> from = back.flatMap(way -> way.apply(match.target()));
            return to.isEmpty() || from.isEmpty()
                    ? Double.POSITIVE_INFINITY
                    : Math.max(
                            to.get().distanceTo(match.target()) / targetSide,
                            from.get().distanceTo(match.source()) / sourceSide);
        }
    }

    /** A transform under test: which matches agree, and what it costs, a share of the tolerance squared each. */
    private record Candidate(PlaneTransform transform, BitSet agreeing, double cost) {}

    private static final class Search {
        private final PlaneTransform.Kind kind;
        private final List<Correspondence> matches;
        private final Size sourceSize;
        private final Size targetSize;
        private final double tolerance;

        Search(
                PlaneTransform.Kind kind,
                List<Correspondence> matches,
                Size sourceSize,
                Size targetSize,
                double tolerance) {
            this.kind = kind;
            this.matches = matches;
            this.sourceSize = sourceSize;
            this.targetSize = targetSize;
            this.tolerance = tolerance;
        }

        Optional<RobustFit> best() {
            Optional<Candidate> best = Optional.empty();
            Random random = new Random(SEED);
            int draws = matches.size() < 2 * kind.places() ? 0 : DRAWS;
            for (int i = 0; i < draws; i++) {
                Optional<Candidate> drawn = candidate(draw(random));
                if (drawn.isPresent() && isBetter(drawn.get(), best)) {
                    best = Optional.of(refitted(drawn.get()));
                    draws = Math.min(draws, enough(best.get()));
                }
            }
            return best.filter(found -> found.agreeing.cardinality() >= 2 * kind.places())
                    .map(found -> new RobustFit(
                            kind,
                            found.transform,
                            tolerance,
                            sourceSize,
                            targetSize,
                            found.agreeing.cardinality(),
                            matches.size()));
        }

        private static boolean isBetter(Candidate one, Optional<Candidate> other) {
            return other.isEmpty() || one.cost < other.get().cost;
        }

        private BitSet draw(Random random) {
            BitSet drawn = new BitSet();
            while (drawn.cardinality() < kind.places()) {
                drawn.set(random.nextInt(matches.size()));
            }
            return drawn;
        }

        private Optional<Candidate> candidate(BitSet chosen) {
            List<Point> from = new ArrayList<>();
            List<Point> to = new ArrayList<>();
            chosen.stream().mapToObj(matches::get).forEach(match -> {
                from.add(match.source());
                to.add(match.target());
            });
            return PlaneTransform.fit(kind, from, to).map(this::tested);
        }

        private Candidate tested(PlaneTransform transform) {
            Residuals residuals = new Residuals(transform, sourceSize, targetSize);
            BitSet agreeing = new BitSet();
            double cost = 0;
            for (int i = 0; i < matches.size(); i++) {
                double off = residuals.of(matches.get(i)) / tolerance;
                cost += Math.min(1, off * off);
                agreeing.set(i, off <= 1);
            }
            return new Candidate(transform, agreeing, cost);
        }

        /** The best of the least squares fits to what agrees, each with what agrees with the one before. */
        private Candidate refitted(Candidate first) {
            Candidate best = first;
            for (int i = 0; i < REFITS; i++) {
                Optional<Candidate> next = candidate(best.agreeing);
                if (next.isEmpty() || !isBetter(next.get(), Optional.of(best))) {
                    return best;
                }
                best = next.get();
            }
            return best;
        }

        /** After how many draws a sample without an outlier is all but sure to have come. */
        private int enough(Candidate found) {
            double share = (double) found.agreeing.cardinality() / matches.size();
            double clean = Math.pow(share, kind.places());
            return clean >= 1 ? 1 : (int) Math.min(DRAWS, Math.ceil(Math.log(1 - SURE) / Math.log1p(-clean)));
        }
    }
}
