package io.github.dhf4j.eval.pck;

import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.MatchEvidence;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.matching.CosineMatcher;
import io.github.dhf4j.matching.EvidencedMatch;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.train.SeededOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Matches of which the truth is known: what confidence is fitted to, and measured on. Of each pair all points of the first
 * image are matched together onto the second, those too that other pairs name and this one lacks, since they are hidden
 * there; and the pair's points together onto an image of another category, where none of them is.
 */
public final class ConfidenceSample {
    /** In shares of the longer side. */
    private static final double NEAR = 0.1;

    private static final long SEED = 0;
    private static final int FEWEST = 100;
    private static final int FEWEST_OF_A_KIND = 10;

    private final String dataset;
    private final List<ConfidenceCase> cases;

    ConfidenceSample(String dataset, List<ConfidenceCase> cases) {
        this.dataset = dataset;
        this.cases = List.copyOf(cases);
    }

    List<ConfidenceCase> cases() {
        return cases;
    }

    /** Gives the descriptors of an image. */
    @FunctionalInterface
    interface Maps {
        DescriptorMap of(Path image) throws IOException;
    }

    /**
     * Matches pairs.
     *
     * @param pairs whose truth is known
     * @param features of the network that the weights are for; borrowed
     * @param aggregator the weights; borrowed
     * @param grid how points are matched
     * @param monitor hears of progress, one step a pair, and can cancel
     * @return the sample
     * @throws IOException if an image cannot be read
     */
    public static ConfidenceSample of(
            PairDataset pairs, FeatureSource features, FeatureAggregator aggregator, MatchGrid grid, RunMonitor monitor)
            throws IOException {
        return of(pairs, Finders.maps(features, aggregator, grid), grid, monitor);
    }

    static ConfidenceSample of(PairDataset pairs, Maps maps, MatchGrid grid, RunMonitor monitor) throws IOException {
        Map<Path, Map<String, Point>> known = known(pairs);
        CosineMatcher matcher = new CosineMatcher();
        List<ConfidenceCase> cases = new ArrayList<>();
        monitor.start("matching for confidence", pairs.pairs().size());
        int done = 0;
        for (KeypointPair pair : pairs.pairs()) {
            monitor.checkCancelled();
            DescriptorMap source = maps.of(pair.source());
            DescriptorMap target = maps.of(pair.target());
            List<Point> points = new ArrayList<>(pair.sourcePoints());
            points.addAll(hidden(pair, known));
            List<EvidencedMatch> found = matcher.matchWithEvidence(
                    source, target, Finders.inside(points, source.imageSize()), grid.localizer());
            MatchEvidence company = company(found);
            for (int i = 0; i < found.size(); i++) {
                ConfidenceCase.Truth truth = i < pair.targetPoints().size()
                        ? truth(
                                found.get(i).match().target(),
                                pair.targetPoints().get(i),
                                target)
                        : ConfidenceCase.Truth.HIDDEN;
                cases.add(new ConfidenceCase(found.get(i).evidence(), company, truth));
            }
            List<Path> others = others(pair, pairs);
            if (!others.isEmpty()) {
                Path other = others.get(new Random(SeededOrder.mix(SEED, done)).nextInt(others.size()));
                List<EvidencedMatch> none = matcher.matchWithEvidence(
                        source,
                        maps.of(other),
                        Finders.inside(pair.sourcePoints(), source.imageSize()),
                        grid.localizer());
                MatchEvidence companyThere = company(none);
                none.forEach(each ->
                        cases.add(new ConfidenceCase(each.evidence(), companyThere, ConfidenceCase.Truth.OTHER)));
            }
            monitor.step(++done);
        }
        monitor.end();
        return new ConfidenceSample(pairs.name(), cases);
    }

    /** The points of each image that some pair names. */
    private static Map<Path, Map<String, Point>> known(PairDataset pairs) {
        Map<Path, Map<String, Point>> known = new HashMap<>();
        for (KeypointPair pair : pairs.pairs()) {
            for (int i = 0; i < pair.keypoints().size(); i++) {
                String name = pair.keypoints().get(i);
                known.computeIfAbsent(pair.source(), image -> new LinkedHashMap<>())
                        .put(name, pair.sourcePoints().get(i));
                known.computeIfAbsent(pair.target(), image -> new LinkedHashMap<>())
                        .put(name, pair.targetPoints().get(i));
            }
        }
        return known;
    }

    private static Collection<Point> hidden(KeypointPair pair, Map<Path, Map<String, Point>> known) {
        Map<String, Point> hidden = new LinkedHashMap<>(known.getOrDefault(pair.source(), Map.of()));
        pair.keypoints().forEach(hidden::remove);
        return hidden.values();
    }

    /** The target images of all other categories. */
    private static List<Path> others(KeypointPair pair, PairDataset pairs) {
        return pairs.pairs().stream()
                .filter(other -> !other.category().equals(pair.category()))
                .map(KeypointPair::target)
                .toList();
    }

    private static ConfidenceCase.Truth truth(Point found, Point wanted, DescriptorMap target) {
        boolean near = found.distanceTo(wanted) <= NEAR * target.imageSize().longerSide();
        return near ? ConfidenceCase.Truth.RIGHT : ConfidenceCase.Truth.WRONG;
    }

    private static MatchEvidence company(List<EvidencedMatch> matches) {
        return MatchEvidence.mean(matches.stream().map(EvidencedMatch::evidence).toList());
    }

    /**
     * Fits a model to the matches.
     *
     * @return coefficients; nothing where there are too few matches to fit, right or wrong, or points that are not there. Of
     *     absence it has those of {@link ConfidenceModel#DEFAULT} where only the last are too few
     */
    public Optional<ConfidenceModel> fit() {
        long right = cases.stream().filter(ConfidenceCase::right).count();
        long present = cases.stream().filter(ConfidenceCase::present).count();
        boolean enough = present >= FEWEST && right >= FEWEST_OF_A_KIND && present - right >= FEWEST_OF_A_KIND;
        return enough
                ? Optional.of(ConfidenceFit.of(cases, cases.size() - present >= FEWEST_OF_A_KIND))
                : Optional.empty();
    }

    /**
     * Measures how far a model tells the truth of these matches, which should be others than it was fitted to.
     *
     * @param model the model
     * @return the measure
     */
    public ConfidenceMeasure measure(ConfidenceModel model) {
        return ConfidenceMeasure.of(dataset, cases, model);
    }

    @Override
    public String toString() {
        long present = cases.stream().filter(ConfidenceCase::present).count();
        return present + " points and " + (cases.size() - present) + " that are not there (" + dataset + ")";
    }
}
