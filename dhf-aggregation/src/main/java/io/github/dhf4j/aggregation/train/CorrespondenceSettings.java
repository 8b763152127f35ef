package io.github.dhf4j.aggregation.train;

import io.github.dhf4j.train.LearningRateSchedule;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a {@link CorrespondenceLoss} asks of descriptors. Lengths are in cells of the descriptor map.
 *
 * @param temperature what cosines are divided by, above 0; where it is learned, at the start
 * @param learnedTemperature whether the temperature is a weight like the others, trained at the bottlenecks' rate
 * @param sigma deviation of the Gaussian around a point's true place that the softmax of its cosines is to be, at the start of
 *     the run; 0 for the one cell
 * @param lastSigma the deviation at the end of the run, where it comes along half a cosine; at most {@code sigma}
 * @param placeWeight what the distance between a point's true place and the soft arg max of its cosines counts beside the
 *     cross-entropy, a cell of distance; 0 for not at all
 * @param placeTemperature of that soft arg max, over the whole map, above 0
 * @param jitter deviation of what is added to the true place before that distance is taken, as a share of half the object's
 *     box (of half the image where none is known); 0 for none
 * @param mirroredPairs what is trained on beside the pairs
 */
public record CorrespondenceSettings(
        double temperature,
        boolean learnedTemperature,
        double sigma,
        double lastSigma,
        double placeWeight,
        double placeTemperature,
        double jitter,
        Set<MirroredPairs> mirroredPairs) {
    /** The reference's: temperature 0.07, fixed, one cell is right, and the pairs alone. */
    public static final CorrespondenceSettings REFERENCE =
            new CorrespondenceSettings(0.07, false, 0, 0, 0, 0.02, 0, Set.of());

    /**
     * Checks the ranges.
     *
     * @param temperature as above
     * @param learnedTemperature as above
     * @param sigma as above
     * @param lastSigma as above
     * @param placeWeight as above
     * @param placeTemperature as above
     * @param jitter as above
     * @param mirroredPairs as above
     */
    public CorrespondenceSettings {
        if (!(temperature > 0 && placeTemperature > 0) || !Double.isFinite(temperature + placeTemperature)) {
            throw new IllegalArgumentException(
                    "temperatures must be above 0, got " + temperature + " and " + placeTemperature);
        }
        if (!(sigma >= 0 && lastSigma >= 0 && lastSigma <= sigma) || !Double.isFinite(sigma)) {
            throw new IllegalArgumentException(
                    "sigma must be 0 or more at the end of a run and no less at its start, got " + sigma + " to "
                            + lastSigma);
        }
        if (!(placeWeight >= 0 && jitter >= 0) || !Double.isFinite(placeWeight + jitter)) {
            throw new IllegalArgumentException("weight of the place's distance and jitter must be 0 or more, got "
                    + placeWeight + " and " + jitter);
        }
        EnumSet<MirroredPairs> kinds = EnumSet.noneOf(MirroredPairs.class);
        kinds.addAll(mirroredPairs);
        mirroredPairs = Collections.unmodifiableSet(kinds);
    }

    /**
     * Another temperature.
     *
     * @param value above 0
     * @return a changed copy
     */
    public CorrespondenceSettings withTemperature(double value) {
        return new CorrespondenceSettings(
                value, learnedTemperature, sigma, lastSigma, placeWeight, placeTemperature, jitter, mirroredPairs);
    }

    /**
     * With a temperature that is learned, or not.
     *
     * @param value whether it is
     * @return a changed copy
     */
    public CorrespondenceSettings withLearnedTemperature(boolean value) {
        return new CorrespondenceSettings(
                temperature, value, sigma, lastSigma, placeWeight, placeTemperature, jitter, mirroredPairs);
    }

    /**
     * With Gaussian targets.
     *
     * @param first sigma at the start of the run, in cells
     * @param last sigma at its end, at most {@code first}
     * @return a changed copy
     */
    public CorrespondenceSettings withSigma(double first, double last) {
        return new CorrespondenceSettings(
                temperature, learnedTemperature, first, last, placeWeight, placeTemperature, jitter, mirroredPairs);
    }

    /**
     * With the distance of the soft arg max beside the cross-entropy.
     *
     * @param weight of a cell of distance
     * @param deviation of the jitter, as a share of half the object's box
     * @return a changed copy
     */
    public CorrespondenceSettings withPlace(double weight, double deviation) {
        return new CorrespondenceSettings(
                temperature, learnedTemperature, sigma, lastSigma, weight, placeTemperature, deviation, mirroredPairs);
    }

    /**
     * With further pairs that are made by mirroring.
     *
     * @param kinds which
     * @return a changed copy
     */
    public CorrespondenceSettings withMirroredPairs(Set<MirroredPairs> kinds) {
        return new CorrespondenceSettings(
                temperature, learnedTemperature, sigma, lastSigma, placeWeight, placeTemperature, jitter, kinds);
    }

    /** Sigma when a share of the run is over. */
    double sigma(double progress) {
        return lastSigma + (sigma - lastSigma) * LearningRateSchedule.halfCosine(Math.min(1, progress));
    }

    /** In words, for the description of a run: what is not the reference's is named. */
    String words() {
        StringBuilder words = new StringBuilder("correspondences, temperature ").append(temperature);
        if (learnedTemperature) {
            words.append(", learned");
        }
        if (sigma > 0) {
            words.append(", sigma ").append(sigma).append(" to ").append(lastSigma);
        }
        if (placeWeight > 0) {
            words.append(", place ").append(placeWeight).append(" at ").append(placeTemperature);
            words.append(", jitter ").append(jitter);
        }
        mirroredPairs.forEach(kind -> words.append(", ").append(kind.word()));
        return words.toString();
    }
}
