package io.github.dhf4j.matching;

import java.util.Locale;

/**
 * Two places with the same meaning.
 *
 * @param source in pixels of the first image
 * @param target in pixels of the second image
 * @param similarity cosine of their descriptors, -1 to 1
 */
public record Correspondence(Point source, Point target, double similarity) {
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
        return String.format(Locale.ROOT, "%s -> %s %.3f", source, target, similarity);
    }
}
