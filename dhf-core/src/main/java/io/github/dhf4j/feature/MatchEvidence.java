package io.github.dhf4j.feature;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What tells how far a match can be trusted, without knowing where it belongs.
 *
 * @param similarity the cosine with the best place
 * @param margin that less the highest cosine more than {@link #ELSEWHERE} away; near 0 where another place is as good, and 0
 *     where the image has none so far away
 * @param wayBack how far from its source the best place leads back, in shares of the source image's longer side
 * @param level the mean of the cosines with all pixels
 * @param spread their standard deviation
 */
public record MatchEvidence(double similarity, double margin, double wayBack, double level, double spread) {
    /** From which distance on a place is another one, in shares of the target image's longer side. */
    public static final double ELSEWHERE = 0.1;

    /**
     * The same with another way back.
     *
     * @param distance in shares of the source image's longer side
     * @return a changed copy
     */
    public MatchEvidence withWayBack(double distance) {
        return new MatchEvidence(similarity, margin, distance, level, spread);
    }

    /**
     * The company of points that were asked together: the mean of each number. Similarity and spread are low where the thing
     * that the points belong to is not there.
     *
     * @param of one or more
     * @return their means
     */
    public static MatchEvidence mean(List<MatchEvidence> of) {
        return new MatchEvidence(
                mean(of, MatchEvidence::similarity),
                mean(of, MatchEvidence::margin),
                mean(of, MatchEvidence::wayBack),
                mean(of, MatchEvidence::level),
                mean(of, MatchEvidence::spread));
    }

    private static double mean(List<MatchEvidence> of, ToDoubleFunction<MatchEvidence> number) {
        return of.stream().mapToDouble(number).average().orElseThrow();
    }
}
