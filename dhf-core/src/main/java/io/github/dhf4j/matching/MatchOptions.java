package io.github.dhf4j.matching;

/**
 * How to match.
 *
 * @param mutual keep a correspondence only if the way back leads to where it came from: among all cells, mutual nearest
 *     neighbours; for given points, the target's nearest neighbour lies within one map cell of the source point
 * @param localizer where in the target a point is taken to be. All cells are matched with cells, and located only if it is
 *     neither {@link Nearest} nor {@link Localizer#USUAL}
 * @param confidence say how far each match can be trusted; of given points it takes the way back too
 */
public record MatchOptions(boolean mutual, Localizer localizer, boolean confidence) {
    /** Plain nearest neighbours, as the reference has them. */
    public static final MatchOptions NEAREST = new MatchOptions(false, Localizer.NEAREST);

    /** Given points as whoever trained the descriptors locates them: {@link Localizer#USUAL}. */
    public static final MatchOptions USUAL = new MatchOptions(false, Localizer.USUAL);

    /** Mutual nearest neighbours. */
    public static final MatchOptions MUTUAL = new MatchOptions(true, Localizer.NEAREST);

    /**
     * Does not ask how far matches can be trusted.
     *
     * @param mutual as above
     * @param localizer as above
     */
    public MatchOptions(boolean mutual, Localizer localizer) {
        this(mutual, localizer, false);
    }

    /**
     * The same that asks how far each match can be trusted.
     *
     * @return a changed copy
     */
    public MatchOptions trusted() {
        return new MatchOptions(mutual, localizer, true);
    }

    /**
     * Located otherwise.
     *
     * @param other where a point is taken to be
     * @return a changed copy
     */
    public MatchOptions with(Localizer other) {
        return new MatchOptions(mutual, other, confidence);
    }

    /**
     * {@link #with} by a name that is no keyword of Scala.
     *
     * @param other where a point is taken to be
     * @return a changed copy
     */
    public MatchOptions withLocalizer(Localizer other) {
        return with(other);
    }

    /**
     * Refined by a soft arg max over a window of one map cell.
     *
     * @return a changed copy
     */
    public MatchOptions refined() {
        return with(WindowSoftArgMax.ONE_CELL);
    }
}
