package io.github.dhf4j.matching;

import java.util.Locale;

/**
 * Two places with the same meaning.
 *
 * @param source in pixels of the first image
 * @param target in pixels of the second image
 * @param similarity cosine of their descriptors, -1 to 1
 * @param confidence the probability that the target lies within a tenth of the image's longer side from where it belongs, if
 *     what the source shows is in the second image at all, 0 to 1; NaN where it was not asked for
 * @param absence the probability that it is not, taken that half of all points are not, 0 to 1; NaN where it was not asked for
 */
public record Correspondence(Point source, Point target, double similarity, double confidence, double absence) {
    /**
     * Two places of which nobody asked how far they can be trusted.
     *
     * @param source in pixels of the first image
     * @param target in pixels of the second image
     * @param similarity cosine of their descriptors, -1 to 1
     */
    public Correspondence(Point source, Point target, double similarity) {
        this(source, target, similarity, Double.NaN, Double.NaN);
    }

    /**
     * The same from another place.
     *
     * @param other in pixels of the first image
     * @return a changed copy
     */
    public Correspondence withSource(Point other) {
        return new Correspondence(other, target, similarity, confidence, absence);
    }

    /**
     * The same at another place.
     *
     * @param other in pixels of the second image
     * @return a changed copy, with the similarity and the confidence of the first place
     */
    public Correspondence withTarget(Point other) {
        return new Correspondence(source, other, similarity, confidence, absence);
    }

    /**
     * The same, absent with another probability.
     *
     * @param other 0 to 1, or NaN
     * @return a changed copy
     */
    public Correspondence withAbsence(double other) {
        return new Correspondence(source, target, similarity, confidence, other);
    }

    /**
     * {@link #source}, for Kotlin's {@code val (source, target, similarity) = correspondence}.
     *
     * @return in pixels of the first image
     */
    public Point component1() {
        return source;
    }

    /**
     * {@link #target}, for Kotlin.
     *
     * @return in pixels of the second image
     */
    public Point component2() {
        return target;
    }

    /**
     * {@link #similarity}, for Kotlin.
     *
     * @return cosine
     */
    public double component3() {
        return similarity;
    }

    @Override
    public String toString() {
        String said = String.format(Locale.ROOT, "%s -> %s %.3f", source, target, similarity);
        return Double.isNaN(confidence) ? said : said + String.format(Locale.ROOT, ", %.0f%% sure", 100 * confidence);
    }
}
