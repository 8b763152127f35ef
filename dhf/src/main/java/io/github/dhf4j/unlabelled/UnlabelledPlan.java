package io.github.dhf4j.unlabelled;

/**
 * How correspondences are made of pictures.
 *
 * @param warp how far warps go
 * @param points of a pair at most
 * @param matches with how many others of its category a picture is matched; 0 for warps alone
 * @param kept share of a category's pictures, those that align best with the others, 0 to 1
 * @param places share of the places of what pictures have in common, those in which they agree most, 0 to 1
 */
public record UnlabelledPlan(WarpSettings warp, int points, int matches, double kept, double places) {
    /** Strong warps beside matches with five others. */
    public static final UnlabelledPlan STANDARD = new UnlabelledPlan(WarpSettings.STRONG, 60, 5, 0.5, 0.4);

    /**
     * Checks the ranges.
     *
     * @param warp as above
     * @param points as above
     * @param matches as above
     * @param kept as above
     * @param places as above
     */
    public UnlabelledPlan {
        if (points < 1 || matches < 0) {
            throw new IllegalArgumentException(
                    "points must be 1 or more and matches 0 or more, got " + points + " and " + matches);
        }
        if (!(kept > 0 && kept <= 1 && places > 0 && places <= 1)) {
            throw new IllegalArgumentException(
                    "what is kept must be shares above 0, at most 1, got " + kept + " and " + places);
        }
    }

    /**
     * Another number of matches.
     *
     * @param value 0 for warps alone
     * @return a changed copy
     */
    public UnlabelledPlan withMatches(int value) {
        return new UnlabelledPlan(warp, points, value, kept, places);
    }
}
