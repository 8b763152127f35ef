package io.github.dhf4j.spark;

import java.util.Locale;

/**
 * What a job spent. Tasks that were run again count again.
 *
 * @param images pictures that were described
 * @param broken pictures that could not be read, and became rows with a reason
 * @param calls network calls
 * @param seconds in the network, of all JVMs together
 */
public record DescribeReport(long images, long broken, long calls, double seconds) {
    DescribeReport since(DescribeReport before) {
        return new DescribeReport(
                images - before.images, broken - before.broken, calls - before.calls, seconds - before.seconds);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d images described by %d network calls in %.1f s of them, %d could not be read",
                images,
                calls,
                seconds,
                broken);
    }
}
