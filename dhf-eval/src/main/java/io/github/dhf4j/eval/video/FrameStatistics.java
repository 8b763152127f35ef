package io.github.dhf4j.eval.video;

import java.util.Arrays;

/**
 * What DAVIS says of an object's scores frame by frame.
 *
 * <p>Source: Perazzi et al., CVPR 2016, section 5.2, and the evaluation that its authors publish for DAVIS 2017.
 *
 * @param mean of all frames
 * @param recall the share of frames that score above a half
 * @param decay how much higher the first quarter of the frames scores than the last
 */
public record FrameStatistics(double mean, double recall, double decay) {
    private static final int QUARTERS = 4;
    private static final double GOOD = 0.5;

    /**
     * Of scores.
     *
     * @param scores of each frame in order, 0 to 1
     * @return all of them not a number where there is no score
     */
    public static FrameStatistics of(double[] scores) {
        if (scores.length == 0) {
            return new FrameStatistics(Double.NaN, Double.NaN, Double.NaN);
        }
        double good = Arrays.stream(scores).filter(score -> score > GOOD).count();
        double early = mean(scores, border(0, scores.length), border(1, scores.length));
        double late = mean(scores, border(QUARTERS - 1, scores.length), border(QUARTERS, scores.length));
        return new FrameStatistics(mean(scores, 0, scores.length - 1), good / scores.length, early - late);
    }

    /** Where a quarter begins, which is where the one before ends: quarters share the frame between them. */
    private static int border(int quarter, int frames) {
        return (int) Math.floor(1 + (frames - 1) * (double) quarter / QUARTERS + 0.5 + 1e-10) - 1;
    }

    private static double mean(double[] scores, int from, int to) {
        return Arrays.stream(scores, from, to + 1).average().orElse(Double.NaN);
    }
}
