package io.github.dhf4j.data;

import io.github.dhf4j.matching.Point;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two images of one category, and points of the same meaning in both.
 *
 * @param id names the pair in its data set, for results and messages
 * @param source the first image's file
 * @param target the second image's file
 * @param sourcePoints in pixels of the first image
 * @param targetPoints in pixels of the second, one for each of the first's
 * @param keypoints what the points are called, one for each; empty where the data set has no names
 * @param category what both images show
 * @param sourceBox the object in the first image, null where the data set has none
 * @param targetBox the object in the second image, null where the data set has none
 */
public record KeypointPair(
        String id,
        Path source,
        Path target,
        List<Point> sourcePoints,
        List<Point> targetPoints,
        List<String> keypoints,
        String category,
        @Nullable Box sourceBox,
        @Nullable Box targetBox) {
    /**
     * Copies the lists and compares their lengths.
     *
     * @param id as above
     * @param source as above
     * @param target as above
     * @param sourcePoints as above
     * @param targetPoints as above
     * @param keypoints as above
     * @param category as above
     * @param sourceBox as above
     * @param targetBox as above
     */
    public KeypointPair {
        sourcePoints = List.copyOf(sourcePoints);
        targetPoints = List.copyOf(targetPoints);
        keypoints = List.copyOf(keypoints);
        if (sourcePoints.size() != targetPoints.size()
                || (!keypoints.isEmpty() && keypoints.size() != sourcePoints.size())) {
            throw new IllegalArgumentException("a pair must have as many points in both images, got "
                    + sourcePoints.size() + " and " + targetPoints.size() + " with " + keypoints.size() + " names ("
                    + id + ")");
        }
    }
}
