package io.github.dhf4j.matching;

import io.github.dhf4j.image.Size;

/**
 * Where, in a map of similarities, a point is taken to be: the last step from similarity to a place. Similarities are cosines,
 * or the plain products of descriptors that are compared by those. Immutable, and safe for several threads.
 */
public sealed interface Localizer permits Nearest, WindowSoftArgMax, GeoAwareSoftArgMax, KernelSoftArgMax, Usual {
    /** The pixel of the highest cosine, as the reference has it. */
    Localizer NEAREST = new Nearest();

    /**
     * That of whoever trained the descriptors: {@link #NEAREST}, of those that are compared by plain products
     * ({@link io.github.dhf4j.feature.DescriptorMap#products}) {@link KernelSoftArgMax#MARCO}.
     */
    Localizer USUAL = new Usual();

    /**
     * Which localizer is meant for some descriptors.
     *
     * @param chosen any
     * @param products whether they are compared by plain products
     * @return what was chosen, and never {@link #USUAL}
     */
    static Localizer meant(Localizer chosen, boolean products) {
        if (!chosen.equals(USUAL)) {
            return chosen;
        }
        return products ? KernelSoftArgMax.MARCO : NEAREST;
    }

    /**
     * A localizer by its word, with its numbers or with the usual ones.
     *
     * @param word such as {@code window} or {@code window:1,0.01}, as {@link #word} has it
     * @return the localizer; of {@code nearest} {@link #NEAREST} and not {@link #USUAL}, which has the same word
     * @throws IllegalArgumentException naming the words there are, or what the numbers may be
     */
    static Localizer named(String word) {
        return LocalizerWords.read(word);
    }

    /**
     * Finds the place.
     *
     * @param similarities of one point with each pixel of the target, row by row; not changed
     * @param grid how many pixels across and down
     * @param cells the size of the target's descriptor map
     * @param best index of the pixel to look around, the most similar
     * @return in pixels of the grid, x right and y down, whole at a pixel
     */
    Point locate(float[] similarities, Size grid, Size cells, int best);

    /**
     * The localizer in a word, as options and reports name it.
     *
     * @return such as {@code nearest}
     */
    String word();
}
