package io.github.dhf4j.eval.pck;

import io.github.dhf4j.feature.MatchEvidence;

/**
 * One point that was matched, and the truth about it.
 *
 * @param evidence what tells how far the match can be trusted
 * @param company {@link MatchEvidence#mean} of all points that were asked together
 * @param truth what became of the match
 */
record ConfidenceCase(MatchEvidence evidence, MatchEvidence company, Truth truth) {
    enum Truth {
        /** Found within a tenth of the image. */
        RIGHT,
        /** In the image, and found elsewhere. */
        WRONG,
        /** Of a thing that the image shows, but not to be seen there. */
        HIDDEN,
        /** Of a thing of another category. */
        OTHER
    }

    boolean present() {
        return truth == Truth.RIGHT || truth == Truth.WRONG;
    }

    boolean right() {
        return truth == Truth.RIGHT;
    }
}
