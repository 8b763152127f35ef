package io.github.dhf4j.eval.homography;

import io.github.dhf4j.data.ImageDescriber;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.MutualPoints;
import io.github.dhf4j.matching.PlaneTransform;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.matching.RobustFit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Describes the key points of both pictures of each pair, matches those that are each other's nearest, fits a homography, and says
 * how far it sends the corners from where they belong. Each picture is described once.
 *
 * <p>Source: DeTone et al., SuperPoint, 2018, section 7.2, as DIFT's evaluation does it (Tang et al., arXiv 2306.03881,
 * section 6.2). Differs: the homography is {@link RobustFit}'s within 3 pixels, which weighs matches by how far they lie off and
 * looks both ways, where DIFT has OpenCV's (least median of squares for Stable Diffusion, RANSAC for ADM); descriptors are taken
 * at the centres of pixels, where DIFT's lie up to half a pixel beside; a pair without a homography counts as missed.
 */
public final class HomographyRun {
    private static final double TOLERANCE = 3;

    private final ImageDescriber describer;
    private final String method;
    private final KeyPoints keyPoints;

    /** A picture on its way. */
    private record Described(DescriptorMap map, List<Point> points) {}

    /**
     * Names the parts.
     *
     * @param describer called for each picture once
     * @param method its name, for reports
     * @param keyPoints which points are matched
     */
    public HomographyRun(ImageDescriber describer, String method, KeyPoints keyPoints) {
        this.describer = describer;
        this.method = method;
        this.keyPoints = keyPoints;
    }

    /**
     * Scores all pairs.
     *
     * @param set the pairs, those of a sequence in a row
     * @param monitor hears of each pair, and can cancel between two
     * @return the scores
     * @throws IOException if a picture or its key points cannot be read
     * @throws java.util.concurrent.CancellationException if the monitor cancels
     */
    public HomographyEvaluation run(HomographySet set, RunMonitor monitor) throws IOException {
        monitor.start("fitting homographies", set.pairs().size());
        List<HomographyScore> scores = new ArrayList<>();
        Path begun = Path.of("");
        Described first = null;
        for (HomographyPair pair : set.pairs()) {
            monitor.checkCancelled();
            if (first == null || !pair.first().equals(begun)) {
                first = described(pair.sequence(), 1, pair.first());
                begun = pair.first();
            }
            scores.add(score(pair, first, described(pair.sequence(), pair.number(), pair.second())));
            monitor.step(scores.size(), pair.sequence());
        }
        monitor.end();
        return new HomographyEvaluation(method, set.name(), scores);
    }

    private Described described(String sequence, int number, Path file) throws IOException {
        RgbImage picture = RgbImage.read(file);
        return new Described(describer.describe(picture), keyPoints.of(sequence, number, picture));
    }

    private static HomographyScore score(HomographyPair pair, Described first, Described second) {
        List<Correspondence> matches = MutualPoints.match(first.map, first.points, second.map, second.points);
        Size from = first.map.imageSize();
        Optional<RobustFit> fit = RobustFit.of(
                PlaneTransform.Kind.HOMOGRAPHY,
                matches,
                from,
                second.map.imageSize(),
                Math.min(1, TOLERANCE / from.longerSide()));
        return new HomographyScore(
                pair,
                first.points.size(),
                second.points.size(),
                matches.size(),
                fit.map(RobustFit::inliers).orElse(0),
                fit.map(found -> error(found.transform(), pair.truth(), from)).orElse(Double.POSITIVE_INFINITY));
    }

    /** The mean distance between where two transforms send the centres of a picture's corner pixels. */
    static double error(PlaneTransform found, PlaneTransform truth, Size size) {
        double sum = 0;
        for (int corner = 0; corner < 4; corner++) {
            Point point = new Point(corner % 2 * (size.width() - 1.0), corner / 2 * (size.height() - 1.0));
            Optional<Point> there = found.apply(point);
            Optional<Point> meant = truth.apply(point);
            sum += there.isEmpty() || meant.isEmpty()
                    ? Double.POSITIVE_INFINITY
                    : there.get().distanceTo(meant.get());
        }
        return sum / 4;
    }
}
