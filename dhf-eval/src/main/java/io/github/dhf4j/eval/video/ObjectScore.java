package io.github.dhf4j.eval.video;

import io.github.dhf4j.eval.annotation.Mask;
import io.github.dhf4j.image.IndexedImage;
import java.util.BitSet;

/**
 * How well an object of a video was followed.
 *
 * @param sequence the video's name
 * @param object the number of the object in the masks, 1 or more
 * @param frames how many frames were scored
 * @param region DAVIS' J: pixels of both masks over pixels of either, 1 where both are empty
 * @param contour DAVIS' F, {@link ContourAccuracy}
 */
public record ObjectScore(String sequence, int object, int frames, FrameStatistics region, FrameStatistics contour) {
    /** The pixels of an object. */
    static Mask mask(IndexedImage labels, int object) {
        BitSet bits = new BitSet();
        for (int i = 0; i < labels.samples().length; i++) {
            if (CellLabels.label(labels, i) == object) {
                bits.set(i);
            }
        }
        return new Mask(labels.size(), bits);
    }
}
