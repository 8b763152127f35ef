package io.github.dhf4j.eval.homography;

import java.util.List;

/**
 * Pairs that can be used, and an account of what cannot.
 *
 * @param name the data set, for reports
 * @param pairs sequence by sequence
 * @param remarks what was left out, a sentence each
 */
public record HomographySet(String name, List<HomographyPair> pairs, List<String> remarks) {
    /**
     * Copies the lists.
     *
     * @param name as above
     * @param pairs as above
     * @param remarks as above
     */
    public HomographySet {
        pairs = List.copyOf(pairs);
        remarks = List.copyOf(remarks);
    }

    @Override
    public String toString() {
        long sequences = pairs.stream().map(HomographyPair::sequence).distinct().count();
        return name + ": " + pairs.size() + " pairs of " + sequences + " sequences";
    }
}
