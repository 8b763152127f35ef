package io.github.dhf4j.feature;

/**
 * What tells how far a match can be trusted, without knowing where it belongs.
 *
 * @param similarity the cosine with the best place
 * @param margin that less the highest cosine more than a tenth of the target's longer side away; near 0 where another place
 *     is as good
 * @param wayBack how far from its source the best place leads back, in shares of the source's longer side
 * @param company the mean similarity of all points that were asked together: low where the thing they belong to is not there
 */
public record MatchEvidence(double similarity, double margin, double wayBack, double company) {
    /** How far away another place is, in shares of the longer side. */
    public static final double ELSEWHERE = 0.1;
}
