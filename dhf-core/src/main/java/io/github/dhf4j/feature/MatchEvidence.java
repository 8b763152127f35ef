package io.github.dhf4j.feature;

/**
 * What tells how far a match can be trusted, without knowing where it belongs.
 *
 * @param similarity the cosine with the best place
 * @param margin that less the highest cosine more than {@link #ELSEWHERE} away; near 0 where another place is as good, and 0
 *     where the image has none so far away
 * @param wayBack how far from its source the best place leads back, in shares of the source image's longer side
 */
public record MatchEvidence(double similarity, double margin, double wayBack) {
    /** From which distance on a place is another one, in shares of the target image's longer side. */
    public static final double ELSEWHERE = 0.1;
}
