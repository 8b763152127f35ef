package io.github.dhf4j.data;

import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.util.List;

/** A method under evaluation: finds the points of a pair's first image in the second. */
@FunctionalInterface
public interface PointFinder {
    /**
     * What was found.
     *
     * @param points for each point of the pair, where it was found, in pixels of the second image
     * @param targetSize the second image's size, in pixels
     */
    record Found(List<Point> points, Size targetSize) {}

    /**
     * Finds the points.
     *
     * @param pair images and points; where the points belong must not be looked at
     * @return where they were found
     * @throws IOException if an image cannot be read
     */
    Found find(KeypointPair pair) throws IOException;
}
