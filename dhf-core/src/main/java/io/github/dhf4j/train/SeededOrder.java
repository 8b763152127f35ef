package io.github.dhf4j.train;

import java.util.Random;

/**
 * The random choices of a run as a function of seed and place, so that a resumed run needs no more state than the
 * number of its step: which item comes when, and coins that are tossed on the way. The same on every platform.
 *
 * <p>Source: reference, training: each epoch is a new permutation of all pairs. Not numpy's numbers.
 */
public final class SeededOrder {
    private final long seed;
    private final int items;
    private long epoch = -1;
    private int[] order = new int[0];

    /**
     * An order.
     *
     * @param seed the run's seed
     * @param items how many items an epoch has, 1 or more
     */
    public SeededOrder(long seed, int items) {
        if (items < 1) {
            throw new IllegalArgumentException("items must be 1 or more, got " + items);
        }
        this.seed = seed;
        this.items = items;
    }

    /**
     * The item at a place of the run.
     *
     * @param place 0 first, counted over all epochs
     * @return 0 to items - 1; in each epoch each once
     */
    public int item(long place) {
        if (place / items != epoch) {
            epoch = place / items;
            order = permutation(items, new Random(mix(seed, epoch)));
        }
        return order[(int) (place % items)];
    }

    /**
     * A coin at a place of the run.
     *
     * @param place as above
     * @param probability of true
     * @return heads or tails
     */
    public boolean coin(long place, double probability) {
        return probability > 0 && new Random(mix(~seed, place)).nextDouble() < probability;
    }

    /**
     * A permutation.
     *
     * @param items how many
     * @param random whose numbers are taken
     * @return 0 to items - 1, each once
     */
    public static int[] permutation(int items, Random random) {
        int[] order = new int[items];
        for (int i = 0; i < items; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /**
     * Spreads two numbers over one, so that neighbouring seeds have nothing in common.
     *
     * @param first a seed
     * @param second a place
     * @return a seed
     */
    public static long mix(long first, long second) {
        long z = first * 0x9E3779B97F4A7C15L + second + 0x632BE59BD9B4E019L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
