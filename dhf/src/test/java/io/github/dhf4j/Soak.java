package io.github.dhf4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.diffusion.BundledPair;
import io.github.dhf4j.eval.pck.ResidentMemory;
import java.io.IOException;
import java.util.Locale;

/**
 * Resident memory stays flat: in a build, where a JVM is still settling, within some megabytes; of runs so long
 * that what settles has settled ({@code -Ddhf.soak=10000}), within 3%.
 */
final class Soak {
    private static final double ALLOWED_MEGABYTES = 48;
    private static final double ALLOWED_SHARE = 0.03;
    private static final int ASKED = Integer.getInteger("dhf.soak", 0);
    private static final int LONG = 1000;

    private Soak() {}

    /** What is done again and again. */
    interface Round {
        void run() throws IOException;
    }

    /** How often: as {@code dhf.soak} says, else as a build can afford. */
    static int rounds(int inABuild) {
        return ASKED > 0 ? ASKED : inABuild;
    }

    static void assertFlat(DescriptorPipeline pipeline, int matches) throws IOException {
        BundledPair pair = BundledPair.load();
        assertFlat("matches", Math.max(10, matches / 5), matches, () -> match(pipeline, pair));
    }

    static void match(DescriptorPipeline pipeline, BundledPair pair) throws IOException {
        Hyperfeatures.Images images = Hyperfeatures.using(pipeline);
        assertThat(images.of(pair.source()).match(images.of(pair.target()), pair.points()))
                .hasSameSizeAs(pair.points());
    }

    /** Resident memory after some rounds, and after as many more as are asked for. */
    static void assertFlat(String what, int warm, int rounds, Round round) throws IOException {
        repeat(warm, round);
        double before = resident();
        repeat(rounds, round);
        double after = resident();
        System.out.printf(
                Locale.ROOT,
                "soak: %d %s, resident %.1f MB after %d before them, %.1f MB at the end (%+.1f%%)%n",
                rounds,
                what,
                before,
                warm,
                after,
                100 * (after / before - 1));
        assertThat(after - before).isLessThan(ASKED >= LONG ? ALLOWED_SHARE * before : ALLOWED_MEGABYTES);
    }

    private static void repeat(int rounds, Round round) throws IOException {
        for (int i = 0; i < rounds; i++) {
            round.run();
        }
    }

    /** The least of two seconds: what the JVM's compilers hold for a moment is no leak, and a leak does not go away. */
    private static double resident() throws IOException {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 8; i++) {
            System.gc();
            least = Math.min(least, ResidentMemory.nowMegabytes());
            try {
                Thread.sleep(250);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        return least;
    }
}
