package io.github.dhf4j.eval.video;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * How well masks were carried through videos. Each object weighs the same, whatever its video and however long it is, as in
 * DAVIS 2017.
 *
 * @param method what describes frames, and how labels go on
 * @param dataset which videos
 * @param objects the scores, video by video
 */
public record VideoEvaluation(String method, String dataset, List<ObjectScore> objects) {
    /**
     * Copies the list.
     *
     * @param method as above
     * @param dataset as above
     * @param objects as above
     */
    public VideoEvaluation {
        objects = List.copyOf(objects);
    }

    /**
     * The means over objects of what is said of J.
     *
     * @return region similarity: mean, recall, decay; not numbers where nothing was scored
     */
    public FrameStatistics region() {
        return mean(ObjectScore::region);
    }

    /**
     * The means over objects of what is said of F.
     *
     * @return contour accuracy: mean, recall, decay
     */
    public FrameStatistics contour() {
        return mean(ObjectScore::contour);
    }

    /**
     * DAVIS' J&amp;F.
     *
     * @return the mean of both means
     */
    public double regionAndContour() {
        return (region().mean() + contour().mean()) / 2;
    }

    private FrameStatistics mean(Function<ObjectScore, FrameStatistics> of) {
        List<FrameStatistics> all = objects.stream().map(of).toList();
        return new FrameStatistics(
                mean(all, FrameStatistics::mean),
                mean(all, FrameStatistics::recall),
                mean(all, FrameStatistics::decay));
    }

    private static double mean(List<FrameStatistics> all, ToDoubleFunction<FrameStatistics> of) {
        return all.stream().mapToDouble(of).average().orElse(Double.NaN);
    }
}
