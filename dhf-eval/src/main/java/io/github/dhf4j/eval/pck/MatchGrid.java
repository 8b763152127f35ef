package io.github.dhf4j.eval.pck;

import io.github.dhf4j.matching.Localizer;
import io.github.dhf4j.matching.Placement;

/**
 * How points are matched where methods are scored.
 *
 * @param matchSize side of the pixel grid to match on: 224 in the paper's figures, 512 by its authors' advice, 0 for the size at which
 *     the network saw the images
 * @param placement how points are placed on the grid; methods that have no descriptors of an image look at its localizer alone
 */
public record MatchGrid(int matchSize, Placement placement) {
    /**
     * The pixel of the highest cosine, as the reference scores.
     *
     * @param matchSize as above
     * @return the grid
     */
    public static MatchGrid of(int matchSize) {
        return new MatchGrid(matchSize, Placement.NEAREST);
    }

    /**
     * Where on the grid a point is taken to be.
     *
     * @return the placement's
     */
    public Localizer localizer() {
        return placement.localizer();
    }
}
