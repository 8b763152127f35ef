package io.github.dhf4j.eval.homography;

import io.github.dhf4j.matching.PlaneTransform;
import java.nio.file.Path;

/**
 * Two pictures of one plane.
 *
 * @param sequence the name of the pictures' folder
 * @param number of the second picture, 2 to 6
 * @param first the first picture
 * @param second the second
 * @param truth from pixels of the first to pixels of the second
 */
public record HomographyPair(String sequence, int number, Path first, Path second, PlaneTransform truth) {
    /**
     * Whether the light changes between the pictures and not the place they are taken from.
     *
     * @return true of sequences whose names begin with {@code i_}
     */
    public boolean isIllumination() {
        return sequence.startsWith(HPatches.ILLUMINATION);
    }
}
