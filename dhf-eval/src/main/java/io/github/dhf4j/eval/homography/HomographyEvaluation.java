package io.github.dhf4j.eval.homography;

import java.util.List;

/**
 * Which share of homographies is close enough. Each pair weighs the same.
 *
 * @param method what describes pictures, and which points were matched
 * @param dataset which pairs
 * @param scores pair by pair
 */
public record HomographyEvaluation(String method, String dataset, List<HomographyScore> scores) {
    /** The distances that are reported, in pixels. */
    public static final List<Integer> WITHIN = List.of(1, 3, 5);

    /** Pairs that are counted together. */
    public enum Part {
        /** All pairs. */
        ALL,
        /** Other light. */
        ILLUMINATION,
        /** Another place. */
        VIEWPOINT;

        boolean has(HomographyScore score) {
            return switch (this) {
                case ALL -> true;
                case ILLUMINATION -> score.pair().isIllumination();
                case VIEWPOINT -> !score.pair().isIllumination();
            };
        }
    }

    /**
     * Copies the list.
     *
     * @param method as above
     * @param dataset as above
     * @param scores as above
     */
    public HomographyEvaluation {
        scores = List.copyOf(scores);
    }

    /**
     * The share of pairs whose corners lie within a distance of where they belong.
     *
     * @param part of which pairs
     * @param pixels the distance
     * @return 0 to 1; not a number where there is no such pair
     */
    public double accuracy(Part part, double pixels) {
        return scores.stream()
                .filter(part::has)
                .mapToDouble(score -> score.error() <= pixels ? 1 : 0)
                .average()
                .orElse(Double.NaN);
    }
}
