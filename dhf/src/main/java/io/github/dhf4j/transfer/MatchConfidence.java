package io.github.dhf4j.transfer;

/** How much a match is to be trusted, of what is known without asking anybody. Stateless and safe for several threads. */
@FunctionalInterface
public interface MatchConfidence {
    /** Rises with the cosine and the margin, and falls with the distance of the way back; of no network in particular. */
    MatchConfidence DEFAULT = (cosine, margin, wayBack) ->
            Math.max(0, cosine) * (0.5 + 0.5 * Math.min(1, margin / 0.1)) * Math.exp(-50 * wayBack * wayBack);

    /**
     * The confidence of a match.
     *
     * @param cosine of both descriptors, -1 to 1
     * @param margin by how much that is above the best cosine with another place, 0 or more: of a key point, one more than
     *     a tenth of the picture's longer side away; of an area, one of the other side of its border
     * @param wayBack how far from where it came from the way back leads, in shares of the longer side of the picture
     * @return 0 to 1
     */
    double of(double cosine, double margin, double wayBack);
}
