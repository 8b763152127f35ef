package io.github.dhf4j.unlabelled;

/**
 * How correspondences are made of pictures.
 *
 * @param warp how far warps go
 * @param points of a warp at most
 * @param warpSteps steps of the training on warps alone, which is only begun with: with many it learns single pictures by
 *     heart
 * @param rounds how often matches are made, each time by the weights of the last training, and trained on; 0 for warps alone
 * @param matches with how many others of its category a picture is matched
 * @param agreement share of the ways over a third picture that must agree with a match, 0 to 1
 * @param fewest matches that a pair must have
 */
public record UnlabelledPlan(
        WarpSettings warp, int points, int warpSteps, int rounds, int matches, double agreement, int fewest) {
    /** Strong warps for a while, then one round of matches. */
    public static final UnlabelledPlan STANDARD = new UnlabelledPlan(WarpSettings.STRONG, 100, 200, 1, 3, 0.6, 4);

    /**
     * Checks the ranges.
     *
     * @param warp as above
     * @param points as above
     * @param warpSteps as above
     * @param rounds as above
     * @param matches as above
     * @param agreement as above
     * @param fewest as above
     */
    public UnlabelledPlan {
        if (points < 1 || warpSteps < 1 || rounds < 0 || matches < 1 || fewest < 1) {
            throw new IllegalArgumentException(
                    "points, steps, matches and fewest must be 1 or more and rounds 0 or more," + " got " + points
                            + ", " + warpSteps + ", " + matches + ", " + fewest + " and " + rounds);
        }
        if (!(agreement >= 0 && agreement <= 1)) {
            throw new IllegalArgumentException("agreement must be a share of 0 to 1, got " + agreement);
        }
    }

    /**
     * Another number of rounds.
     *
     * @param value 0 for warps alone
     * @return a changed copy
     */
    public UnlabelledPlan withRounds(int value) {
        return new UnlabelledPlan(warp, points, warpSteps, value, matches, agreement, fewest);
    }

    /**
     * Another length of the training on warps.
     *
     * @param steps 1 or more
     * @return a changed copy
     */
    public UnlabelledPlan withWarpSteps(int steps) {
        return new UnlabelledPlan(warp, points, steps, rounds, matches, agreement, fewest);
    }
}
