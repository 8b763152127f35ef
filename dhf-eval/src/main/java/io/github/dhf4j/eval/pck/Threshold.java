package io.github.dhf4j.eval.pck;

import java.util.Locale;

/**
 * How near is near enough: PCK at alpha, of the image or of the object's box.
 *
 * <p>Source: reference, matching and PCK: distance at most alpha times the longer side.
 *
 * @param alpha a share of the longer side, such as 0.1
 * @param of whose side
 */
public record Threshold(double alpha, Of of) {
    /** Whose longer side. */
    public enum Of {
        /** The second image's. */
        IMG,
        /** That of the object's box in the second image. */
        BBOX
    }

    /**
     * Checks the range.
     *
     * @param alpha as above
     * @param of as above
     */
    public Threshold {
        if (!(alpha > 0) || !Double.isFinite(alpha)) {
            throw new IllegalArgumentException("threshold must be above 0, such as 0.1, got " + alpha);
        }
    }

    @Override
    public String toString() {
        return "PCK@" + alpha + " " + of.name().toLowerCase(Locale.ROOT);
    }
}
