package io.github.dhf4j.eval.pck;

import io.github.dhf4j.matching.Point;

/**
 * Where one point was found, and how far that is from where it belongs.
 *
 * @param pair the pair's id
 * @param category the pair's category
 * @param keypoint the point's name, or its number in the pair
 * @param source in pixels of the first image
 * @param target where it belongs, in pixels of the second
 * @param found where it was found
 * @param distance of both, in pixels of the second image
 * @param imageSide the longer side of the second image, in pixels
 * @param boxSide the longer side of the object's box in it; NaN where there is none
 * @param twinDistance of where it was found and where its twin belongs ({@link io.github.dhf4j.data.KeypointPair#twins}), in pixels of
 *     the second image; NaN where the pair has none
 */
public record PointScore(
        String pair,
        String category,
        String keypoint,
        Point source,
        Point target,
        Point found,
        double distance,
        double imageSide,
        double boxSide,
        double twinDistance) {
    /**
     * Of a point that has no twin.
     *
     * @param pair as above
     * @param category as above
     * @param keypoint as above
     * @param source as above
     * @param target as above
     * @param found as above
     * @param distance as above
     * @param imageSide as above
     * @param boxSide as above
     */
    public PointScore(
            String pair,
            String category,
            String keypoint,
            Point source,
            Point target,
            Point found,
            double distance,
            double imageSide,
            double boxSide) {
        this(pair, category, keypoint, source, target, found, distance, imageSide, boxSide, Double.NaN);
    }

    /**
     * Whether the pair has a twin of the point.
     *
     * @return true if it can be taken for a like part
     */
    public boolean hasTwin() {
        return !Double.isNaN(twinDistance);
    }

    /**
     * Whether the point was taken for its twin.
     *
     * @return true if it was found nearer to where the twin belongs than to its own place
     */
    public boolean isSwapped() {
        return twinDistance < distance;
    }

    /**
     * Whether the point was found.
     *
     * @param threshold such as {@code new Threshold(0.1, Threshold.Of.IMG)}
     * @return true if it is near enough
     */
    public boolean hit(Threshold threshold) {
        return distance <= threshold.alpha() * (threshold.of() == Threshold.Of.IMG ? imageSide : boxSide);
    }
}
