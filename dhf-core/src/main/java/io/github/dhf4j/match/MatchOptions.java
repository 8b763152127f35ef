package io.github.dhf4j.match;

/**
 * How to match.
 *
 * @param mutual keep a correspondence only if the way back leads to where it came from: among all cells, mutual nearest
 *     neighbours; for given points, the target's nearest neighbour lies within one map cell of the source point
 * @param subPixel refine each target by a soft arg max over a window of one map cell around the best pixel
 */
public record MatchOptions(boolean mutual, boolean subPixel) {
    /** Plain nearest neighbours, as the reference has them. */
    public static final MatchOptions NEAREST = new MatchOptions(false, false);

    /** Mutual nearest neighbours. */
    public static final MatchOptions MUTUAL = new MatchOptions(true, false);

    /**
     * With the refinement.
     *
     * @return a changed copy
     */
    public MatchOptions refined() {
        return new MatchOptions(mutual, true);
    }
}
