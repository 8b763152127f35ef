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
        double boxSide) {
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
