package io.github.dhf4j.aggregation.train;

import ai.djl.ndarray.NDArray;
import io.github.dhf4j.train.SeededOrder;
import java.util.Random;

/**
 * Leaves numbers of the maps out while weights are trained, and makes the others larger for it. Which ones is a function of the
 * seed and of the map, so that both passes over a map, and a run that is resumed, leave out the same.
 *
 * <p>Source: Zhang et al., Telling Left from Right, arXiv 2311.17034, supplement: a share of 0.2.
 *
 * @param share of the numbers that are left out, 0 to below 1
 * @param seed of the choice
 */
record MapDropout(double share, long seed) {
    static final MapDropout NONE = new MapDropout(0, 0);

    /** A byte is drawn for each number: shares are to a 256th. */
    private static final int STEPS = 256;

    /** Changes a map (1, C, h, w) in place: that of an image, 0 first, at a place among all that are summed. */
    void leaveOut(NDArray map, int image, int place) {
        if (share == 0) {
            return;
        }
        Random random = new Random(SeededOrder.mix(SeededOrder.mix(seed, image), place));
        byte[] drawn = new byte[Math.toIntExact(map.size())];
        random.nextBytes(drawn);
        int out = (int) Math.min(STEPS - 1, Math.round(share * STEPS));
        try (NDArray bytes = map.getManager().create(drawn, map.getShape())) {
            TrainingOps.leaveOut(map, bytes, Byte.MIN_VALUE + out, (double) STEPS / (STEPS - out));
        }
    }
}
