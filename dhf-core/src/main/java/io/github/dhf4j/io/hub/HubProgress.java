package io.github.dhf4j.io.hub;

import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.Texts;
import java.util.Locale;

/** Tells a monitor of bytes as steps of a megabyte, with the speed; what is left of the time its listener knows. */
final class HubProgress {
    private static final long STEP = 1_000_000;
    private static final long SHOWN_NANOS = 200_000_000;

    private final RunMonitor monitor;
    private final int steps;
    private final long began = System.nanoTime();
    private long shown = began;
    private long done;
    private long fetched;

    /** Of so many bytes; below 0 where nobody said how many. */
    HubProgress(RunMonitor monitor, HubId id, long bytes) {
        this.monitor = monitor;
        this.steps = steps(Math.max(1, bytes));
        monitor.start("fetch " + id.at(HubId.MAIN) + (bytes < 0 ? "" : " (" + Texts.bytes(bytes) + ")"), steps);
    }

    private static int steps(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, (bytes + STEP - 1) / STEP);
    }

    RunMonitor monitor() {
        return monitor;
    }

    /** Bytes that were there, or that are no good any more where it is negative. */
    void skip(long bytes) {
        done += bytes;
    }

    void add(long bytes) {
        done += bytes;
        fetched += bytes;
        long now = System.nanoTime();
        if (now - shown > SHOWN_NANOS) {
            shown = now;
            double speed = fetched / (double) STEP / ((now - began) / 1e9);
            monitor.step(Math.max(1, Math.min(steps, steps(done))), String.format(Locale.ROOT, "%.1f MB/s", speed));
        }
    }

    void end() {
        monitor.step(steps);
        monitor.end();
    }
}
