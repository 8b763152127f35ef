package io.github.dhf4j.unlabelled;

import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.CosineMatcher;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.train.SeededOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.commons.math3.linear.SingularMatrixException;

/**
 * More points for training pairs: matches of all cells on the object by weights that were trained before, as far as they lead
 * both ways to the same and agree with the pair's key points, between which the plane bends smoothly.
 *
 * <p>Source: MARCO, arXiv 2604.18267, self-distillation. Differs: a teacher that stays as it is in place of a moving average,
 * and a thin-plate spline through the key points in place of triangles and of clusters of the flow.
 *
 * @param teacher trained before, over maps that {@code features} have; borrowed
 * @param features of the network that weights are trained for; borrowed
 * @param objects which pixels belong to the things
 * @param plan which pairs and matches
 * @param seed of the choices
 */
public record TeacherMatches(
        Aggregator teacher, FeatureSource features, ObjectAreas objects, TeacherPlan plan, long seed) {
    /** A thin-plate spline has six numbers of an affine map; with a fourth point it bends. */
    private static final int LEAST_POINTS = 4;

    /**
     * Matches pairs, or reads what an earlier call matched of the same.
     *
     * @param pairs with their key points
     * @param folder of the run; {@code teacher.jsonl} is kept in it
     * @param monitor hears of each pair, and can cancel between them
     * @param log hears a line
     * @return pairs of four points or more, none of which is a key point
     * @throws IOException if an image or the folder fails
     * @throws IllegalArgumentException if no pair has four key points and matches that agree with them
     */
    public List<KeypointPair> of(List<KeypointPair> pairs, Path folder, RunMonitor monitor, Consumer<String> log)
            throws IOException {
        List<KeypointPair> chosen = chosen(pairs);
        String madeOf = features.fingerprint() + teacher.origin().digest() + plan + seed + objects.digest() + chosen;
        List<KeypointPair> found = KeptPairs.of(folder, "teacher.jsonl", madeOf, () -> find(chosen, monitor));
        log.accept(found.size() + " pairs with "
                + found.stream().mapToInt(pair -> pair.sourcePoints().size()).sum() + " matches by the teacher");
        return found;
    }

    /** Those with enough key points, of which an even share by seed. */
    private List<KeypointPair> chosen(List<KeypointPair> pairs) {
        List<KeypointPair> able = pairs.stream()
                .filter(pair -> pair.sourcePoints().size() >= LEAST_POINTS)
                .toList();
        int[] order = SeededOrder.permutation(able.size(), new Random(seed));
        List<KeypointPair> chosen = new ArrayList<>();
        for (int i = 0; i < Math.min(plan.pairs(), able.size()); i++) {
            chosen.add(able.get(order[i]));
        }
        return chosen;
    }

    private List<KeypointPair> find(List<KeypointPair> chosen, RunMonitor monitor) throws IOException {
        List<KeypointPair> found = new ArrayList<>();
        monitor.start("matching by the teacher", chosen.size());
        for (int i = 0; i < chosen.size(); i++) {
            monitor.checkCancelled();
            match(chosen.get(i), new Random(SeededOrder.mix(seed, i))).ifPresent(found::add);
            monitor.step(i + 1);
        }
        monitor.end();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("a teacher's matches must agree with key points, got none in "
                    + chosen.size() + " pairs of " + LEAST_POINTS
                    + " points or more; train without a teacher, or by better weights");
        }
        return found;
    }

    private Optional<KeypointPair> match(KeypointPair pair, Random random) throws IOException {
        DescriptorMap source = describe(pair.source());
        DescriptorMap target = describe(pair.target());
        Optional<ThinPlateSpline> bend = bend(pair);
        if (bend.isEmpty()) {
            return Optional.empty();
        }
        Size size = target.imageSize();
        double extent =
                pair.targetBox() != null ? pair.targetBox().longerSide() : Math.max(size.width(), size.height());
        List<Correspondence> agreed = new ArrayList<>();
        for (Correspondence match : new CosineMatcher().matchAll(source, target, MatchOptions.MUTUAL)) {
            Point from = match.source();
            Point to = match.target();
            double[] told = bend.get().apply(from.x(), from.y());
            if (Math.hypot(told[0] - to.x(), told[1] - to.y()) <= plan.tolerance() * extent
                    && objects.has(pair.source(), pair.sourceBox(), source.imageSize(), from)
                    && objects.has(pair.target(), pair.targetBox(), size, to)) {
                agreed.add(match);
            }
        }
        if (agreed.size() < LEAST_POINTS) {
            return Optional.empty();
        }
        int[] order = SeededOrder.permutation(agreed.size(), random);
        List<Point> here = new ArrayList<>();
        List<Point> there = new ArrayList<>();
        for (int i = 0; i < Math.min(plan.points(), order.length); i++) {
            here.add(agreed.get(order[i]).source());
            there.add(agreed.get(order[i]).target());
        }
        return Optional.of(new KeypointPair(
                pair.id() + ", by the teacher",
                pair.source(),
                pair.target(),
                here,
                there,
                List.of(),
                pair.category(),
                pair.sourceBox(),
                pair.targetBox()));
    }

    private DescriptorMap describe(Path image) throws IOException {
        try (ImageFeatures maps = features.features(image, false)) {
            return maps.describe(teacher);
        }
    }

    /** Where key points say that the first image's places are in the second; nothing where they lie on one line. */
    private static Optional<ThinPlateSpline> bend(KeypointPair pair) {
        double[][] places = new double[pair.sourcePoints().size()][];
        double[][] moves = new double[places.length][];
        for (int i = 0; i < places.length; i++) {
            Point from = pair.sourcePoints().get(i);
            Point to = pair.targetPoints().get(i);
            places[i] = new double[] {from.x(), from.y()};
            moves[i] = new double[] {to.x() - from.x(), to.y() - from.y()};
        }
        try {
            return Optional.of(new ThinPlateSpline(places, moves));
        } catch (SingularMatrixException e) {
            return Optional.empty();
        }
    }
}
