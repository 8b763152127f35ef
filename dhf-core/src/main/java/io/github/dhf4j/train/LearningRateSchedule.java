package io.github.dhf4j.train;

/**
 * The learning rate over a run, as a factor of its base: linear warm-up, then constant, linear or cosine decay; or one
 * cycle up and down.
 *
 * @param decay how it falls
 * @param warmUp steps over which it rises from 0
 * @param hold share of the run, 0 to 1, during which it stays at 1 before it falls; of one cycle, during which it rises
 * @param end the factor that it falls to
 */
public record LearningRateSchedule(Decay decay, int warmUp, double hold, double end) {
    /** How the rate falls. */
    public enum Decay {
        /** Not at all. */
        CONSTANT,
        /** In a straight line. */
        LINEAR,
        /** Along half a cosine. */
        COSINE,
        /**
         * Along half a cosine, after it has risen along another from a 25th.
         *
         * <p>Source: Smith and Topin, arXiv 1708.07120, in torch's form.
         */
        ONE_CYCLE
    }

    /** Where one cycle begins. */
    private static final double FIRST = 1.0 / 25;

    /** The reference's: constant from the first step. */
    public static final LearningRateSchedule REFERENCE = new LearningRateSchedule(Decay.CONSTANT, 0, 1, 1);

    /**
     * Checks the ranges.
     *
     * @param decay as above
     * @param warmUp as above
     * @param hold as above
     * @param end as above
     */
    public LearningRateSchedule {
        if (warmUp < 0 || !(hold >= 0 && hold <= 1) || !(end >= 0 && end <= 1)) {
            throw new IllegalArgumentException(
                    "schedule must have a warm-up of 0 or more steps, hold and end of 0 to 1," + " got " + warmUp + ", "
                            + hold + ", " + end);
        }
    }

    /**
     * The factor of one step.
     *
     * @param step 0 first
     * @param steps of the whole run
     * @return 0 to 1
     */
    public double factor(long step, long steps) {
        if (step < warmUp) {
            return ((double) step + 1) / (warmUp + 1.0);
        }
        double from = Math.max(warmUp, hold * (double) steps);
        if (decay == Decay.ONE_CYCLE && step < from) {
            return 1 - (1 - FIRST) * halfCosine(((double) step - warmUp) / (from - warmUp));
        }
        if (decay == Decay.CONSTANT || step < from) {
            return 1;
        }
        double share = Math.min(1, ((double) step - from) / Math.max(1, (double) steps - from));
        double left = decay == Decay.LINEAR ? 1 - share : halfCosine(share);
        return end + (1 - end) * left;
    }

    /**
     * Half a cosine, along which rates and what goes with them fall.
     *
     * @param share of the way, 0 to 1
     * @return 1 at 0, 0 at 1
     */
    public static double halfCosine(double share) {
        return 0.5 * (1 + StrictMath.cos(Math.PI * share));
    }
}
