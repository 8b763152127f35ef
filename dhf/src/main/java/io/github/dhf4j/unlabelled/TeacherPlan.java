package io.github.dhf4j.unlabelled;

/**
 * What a teacher's matches are taken from, and which of them.
 *
 * @param pairs how many of the training pairs are matched again, 1 or more
 * @param points of a pair at most
 * @param tolerance how far a match may lie from where the pair's key points say, as a share of the object's longer side
 */
public record TeacherPlan(int pairs, int points, double tolerance) {
    /** A thousand pairs of 60 points at most, a tenth of the object away at most. */
    public static final TeacherPlan STANDARD = new TeacherPlan(1000, 60, 0.1);

    /**
     * Checks the ranges.
     *
     * @param pairs as above
     * @param points as above
     * @param tolerance as above
     */
    public TeacherPlan {
        if (pairs < 1 || points < 1 || !(tolerance > 0)) {
            throw new IllegalArgumentException(
                    "a teacher's pairs and points must be 1 or more, its tolerance above 0, got " + pairs + ", "
                            + points + " and " + tolerance);
        }
    }

    /**
     * Another number of pairs.
     *
     * @param value 1 or more
     * @return a changed copy
     */
    public TeacherPlan withPairs(int value) {
        return new TeacherPlan(value, points, tolerance);
    }
}
