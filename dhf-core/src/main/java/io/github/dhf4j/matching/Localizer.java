package io.github.dhf4j.matching;

import io.github.dhf4j.image.Size;

/**
 * Where, in a map of cosines, a point is taken to be: the last step from similarity to a place. Immutable, and safe for
 * several threads.
 */
public sealed interface Localizer permits Nearest, WindowSoftArgMax, GeoAwareSoftArgMax, KernelSoftArgMax {
    /** The pixel of the highest cosine, as the reference has it. */
    Localizer NEAREST = new Nearest();

    /**
     * Finds the place.
     *
     * @param cosines of one point with each pixel of the target, row by row; not changed
     * @param grid how many pixels across and down
     * @param cells the size of the target's descriptor map
     * @param best index of the pixel to look around, the highest cosine's
     * @return in pixels of the grid, x right and y down, whole at a pixel
     */
    Point locate(float[] cosines, Size grid, Size cells, int best);

    /**
     * The localizer in a word, as options and reports name it.
     *
     * @return such as {@code nearest}
     */
    String word();
}
