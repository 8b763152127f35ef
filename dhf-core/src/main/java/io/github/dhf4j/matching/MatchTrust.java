package io.github.dhf4j.matching;

import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.feature.MatchEvidence;
import io.github.dhf4j.image.Size;
import java.util.ArrayList;
import java.util.List;

/** What tells how far matches can be trusted, and what the source's {@link ConfidenceModel} makes of it. */
final class MatchTrust {
    private MatchTrust() {}

    /** What the cosines with all pixels of a target tell; the way back is not known yet. */
    static MatchEvidence evidence(float[] cosines, int best, DescriptorMap target) {
        Size grid = target.matchSize();
        double pixelX = (double) target.imageSize().width() / grid.width();
        double pixelY = (double) target.imageSize().height() / grid.height();
        return evidence(
                cosines,
                best,
                grid,
                pixelX,
                pixelY,
                MatchEvidence.ELSEWHERE * target.imageSize().longerSide());
    }

    /** What the cosines with all cells of a target tell; the way back is not known yet. */
    static MatchEvidence ofCells(float[] cosines, int best, DescriptorMap target) {
        Size grid = target.size();
        MapExtent extent = target.extent();
        double cellX = target.imageSize().width() * (extent.right() - extent.left()) / grid.width();
        double cellY = target.imageSize().height() * (extent.bottom() - extent.top()) / grid.height();
        return evidence(
                cosines,
                best,
                grid,
                cellX,
                cellY,
                MatchEvidence.ELSEWHERE * target.imageSize().longerSide());
    }

    private static MatchEvidence evidence(
            float[] cosines, int best, Size grid, double pixelX, double pixelY, double radius) {
        int row = best / grid.width();
        int column = best - row * grid.width();
        float elsewhere = Float.NEGATIVE_INFINITY;
        double sum = 0;
        double squares = 0;
        for (int y = 0, i = 0; y < grid.height(); y++) {
            double down = pixelY * (y - row);
            double room = radius * radius - down * down;
            for (int x = 0; x < grid.width(); x++, i++) {
                double across = pixelX * (x - column);
                if (cosines[i] > elsewhere && across * across > room) {
                    elsewhere = cosines[i];
                }
                sum += cosines[i];
                squares += (double) cosines[i] * cosines[i];
            }
        }
        double level = sum / cosines.length;
        return new MatchEvidence(
                cosines[best],
                elsewhere == Float.NEGATIVE_INFINITY ? 0 : (double) cosines[best] - elsewhere,
                0,
                level,
                Math.sqrt(Math.max(0, squares / cosines.length - level * level)));
    }

    /** Between two cells, in shares of the longer side. */
    static double wayBack(DescriptorMap source, int from, int back) {
        return MatchPixel.cellCentre(from, source).distanceTo(MatchPixel.cellCentre(back, source))
                / source.imageSize().longerSide();
    }

    /** Adds the ways back. */
    static List<EvidencedMatch> evidence(
            DescriptorMap source,
            List<Correspondence> found,
            List<MatchEvidence> evidence,
            List<MatchPixel> from,
            List<MatchPixel> back) {
        List<EvidencedMatch> evidenced = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            double wayBack = from.get(i).toImage(source).distanceTo(back.get(i).toImage(source))
                    / source.imageSize().longerSide();
            evidenced.add(new EvidencedMatch(found.get(i), evidence.get(i).withWayBack(wayBack)));
        }
        return evidenced;
    }

    /** Of points that were asked together. One by itself has no company. */
    static List<Correspondence> together(DescriptorMap source, List<EvidencedMatch> matches) {
        if (matches.isEmpty()) {
            return List.of();
        }
        ConfidenceModel model = ConfidenceModel.orDefault(source.confidence());
        MatchEvidence company = MatchEvidence.mean(
                matches.stream().map(EvidencedMatch::evidence).toList());
        return matches.stream()
                .map(each -> trusted(
                        each.match(),
                        model.right(each.evidence()),
                        matches.size() == 1 ? model.absent(each.evidence()) : model.absent(each.evidence(), company)))
                .toList();
    }

    /** Of cells, which belong to no one thing: by the evidence of each. */
    static List<Correspondence> alone(
            DescriptorMap source, List<Correspondence> matches, List<MatchEvidence> evidence) {
        ConfidenceModel model = ConfidenceModel.orDefault(source.confidence());
        List<Correspondence> trusted = new ArrayList<>();
        for (int i = 0; i < matches.size(); i++) {
            MatchEvidence of = evidence.get(i);
            trusted.add(trusted(matches.get(i), model.right(of), model.absent(of)));
        }
        return trusted;
    }

    private static Correspondence trusted(Correspondence match, double confidence, double absence) {
        return new Correspondence(match.source(), match.target(), match.similarity(), confidence, absence);
    }
}
