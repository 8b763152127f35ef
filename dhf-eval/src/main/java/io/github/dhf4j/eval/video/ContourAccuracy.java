package io.github.dhf4j.eval.video;

import io.github.dhf4j.eval.annotation.Mask;
import io.github.dhf4j.image.Size;
import java.util.BitSet;

/**
 * DAVIS' F: how well the contour of a mask lies on that of the true one. Contour pixels count as met where the other contour is
 * within 0.008 of the picture's diagonal, rounded up; F is the harmonic mean of the shares of both contours that are met.
 *
 * <p>Source: Perazzi et al., A Benchmark Dataset and Evaluation Methodology for Video Object Segmentation, CVPR 2016, with its
 * authors' approximation: contours are widened by a disk instead of assigned to one another.
 */
public final class ContourAccuracy {
    private static final double WITHIN = 0.008;

    private ContourAccuracy() {}

    /**
     * Compares contours.
     *
     * @param truth the true mask
     * @param found another of the same picture
     * @return 0 to 1; 1 where neither has a contour
     */
    public static double of(Mask truth, Mask found) {
        Size size = truth.size();
        if (!size.equals(found.size())) {
            throw new IllegalArgumentException("masks must be of one size, got " + size + " and " + found.size());
        }
        BitSet trueContour = contour(truth);
        BitSet foundContour = contour(found);
        if (trueContour.isEmpty() || foundContour.isEmpty()) {
            return trueContour.isEmpty() && foundContour.isEmpty() ? 1 : 0;
        }
        int radius = (int) Math.ceil(
                WITHIN * Math.sqrt((double) size.width() * size.width() + (double) size.height() * size.height()));
        double precision = met(foundContour, trueContour, size, radius);
        double recall = met(trueContour, foundContour, size, radius);
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }

    /** Pixels that differ from the one to the right, below, or below to the right, of those that there are. */
    private static BitSet contour(Mask mask) {
        Size size = mask.size();
        BitSet contour = new BitSet();
        for (int y = 0; y < size.height(); y++) {
            for (int x = 0; x < size.width(); x++) {
                boolean here = mask.at(x, y);
                boolean hasRight = x + 1 < size.width();
                boolean hasBelow = y + 1 < size.height();
                if ((hasRight && mask.at(x + 1, y) != here)
                        || (hasBelow && mask.at(x, y + 1) != here)
                        || (hasRight && hasBelow && mask.at(x + 1, y + 1) != here)) {
                    contour.set(y * size.width() + x);
                }
            }
        }
        return contour;
    }

    /** The share of a contour's pixels that have one of the other's within a radius. */
    private static double met(BitSet contour, BitSet other, Size size, int radius) {
        int met = 0;
        for (int at = contour.nextSetBit(0); at >= 0; at = contour.nextSetBit(at + 1)) {
            met += isNear(at % size.width(), at / size.width(), other, size, radius) ? 1 : 0;
        }
        return (double) met / contour.cardinality();
    }

    private static boolean isNear(int x, int y, BitSet other, Size size, int radius) {
        for (int v = Math.max(0, y - radius); v <= Math.min(size.height() - 1, y + radius); v++) {
            int half = (int) Math.sqrt((double) radius * radius - (double) (v - y) * (v - y));
            int from = v * size.width() + Math.max(0, x - half);
            int next = other.nextSetBit(from);
            if (next >= 0 && next <= v * size.width() + Math.min(size.width() - 1, x + half)) {
                return true;
            }
        }
        return false;
    }
}
