package io.github.dhf4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.diffusion.BundledPair;
import io.github.dhf4j.eval.pck.ResidentMemory;
import java.io.IOException;

/** Resident memory stays flat over many matches. */
final class Soak {
    private static final double ALLOWED_MEGABYTES = 48;

    private Soak() {}

    static void assertFlat(DescriptorPipeline pipeline, int matches) throws IOException {
        BundledPair pair = BundledPair.load();
        Hyperfeatures.Images images = Hyperfeatures.using(pipeline);
        int warm = Math.max(10, matches / 5);
        double before = 0;
        for (int i = 0; i < matches; i++) {
            if (i == warm) {
                before = resident();
            }
            assertThat(images.of(pair.source()).match(images.of(pair.target()), pair.points()))
                    .hasSameSizeAs(pair.points());
        }
        double after = resident();
        System.out.printf(
                "soak: %d matches, resident %.0f MB after %d, %.0f MB at the end%n", matches, before, warm, after);
        assertThat(after - before).isLessThan(ALLOWED_MEGABYTES);
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
