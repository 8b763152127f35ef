package io.github.dhf4j.eval.homography;

import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.util.List;

/** Which points of a picture are looked for in another. */
@FunctionalInterface
public interface KeyPoints {
    /**
     * Finds or looks up points.
     *
     * @param sequence the name of the picture's folder
     * @param number of the picture, 1 to 6
     * @param picture its pixels
     * @return in its pixels, whole at their centres
     * @throws IOException if they are kept in a file that cannot be read
     */
    List<Point> of(String sequence, int number, RgbImage picture) throws IOException;
}
