package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.MatchEvidence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Nearest neighbours between all cells of two maps, in both directions.
 *
 * @param forward for each source cell the best target cell, first of equals
 * @param backward for each target cell the best source cell, first of equals
 * @param cosines for each source cell the cosine with its best target cell
 * @param evidence for each source cell what tells how far its match can be trusted; empty where it was not asked for
 */
record CellMatches(int[] forward, int[] backward, float[] cosines, List<MatchEvidence> evidence) {
    static CellMatches of(DescriptorMap source, DescriptorMap target) {
        return of(source, target, false);
    }

    static CellMatches of(DescriptorMap source, DescriptorMap target, boolean withEvidence) {
        int n = source.size().width() * source.size().height();
        int m = target.size().width() * target.size().height();
        int[] forward = new int[n];
        float[] cosines = new float[n];
        int[] backward = new int[m];
        float[] best = new float[m];
        List<MatchEvidence> evidence = new ArrayList<>();
        Arrays.fill(best, Float.NEGATIVE_INFINITY);
        float[] sourceWeights = CellCosines.weights(source);
        float[] targetWeights = CellCosines.weights(target);
        CellCosines.visit(source, target, (begin, count, products) -> {
            for (int i = 0; i < count; i++) {
                int row = i * m;
                int at = 0;
                for (int j = 0; j < m; j++) {
                    float cosine = products[row + j];
                    if (cosine * targetWeights[j] > products[row + at] * targetWeights[at]) {
                        at = j;
                    }
                    if (cosine * sourceWeights[begin + i] > best[j]) {
                        best[j] = cosine * sourceWeights[begin + i];
                        backward[j] = begin + i;
                    }
                }
                forward[begin + i] = at;
                cosines[begin + i] = products[row + at];
                if (withEvidence) {
                    evidence.add(MatchTrust.ofCells(Arrays.copyOfRange(products, row, row + m), at, target));
                }
            }
        });
        for (int i = 0; i < evidence.size(); i++) {
            double wayBack = MatchTrust.wayBack(source, i, backward[forward[i]]);
            evidence.set(i, evidence.get(i).withWayBack(wayBack));
        }
        return new CellMatches(forward, backward, cosines, evidence);
    }

    /** Whether the target cell that a source cell goes to leads back to it. */
    boolean mutual(int cell) {
        return backward[forward[cell]] == cell;
    }
}
