package io.github.dhf4j.cli;

import ai.djl.util.Progress;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Progress as a line now and then, for logs: the share done and the time left. */
final class ProgressLines implements Progress {
    /** No two lines of one pace are nearer than ten seconds, whatever runs. */
    static final class Pace {
        private static final long BETWEEN = Duration.ofSeconds(10).toNanos();

        private final LongSupplier clock;
        private final Consumer<String> print;
        private long last;

        Pace(LongSupplier clock, Consumer<String> print) {
            this.clock = clock;
            this.print = print;
            this.last = clock.getAsLong();
        }

        long now() {
            return clock.getAsLong();
        }

        /** The first line comes ten seconds from now. */
        synchronized void restart() {
            last = clock.getAsLong();
        }

        synchronized boolean isDue() {
            return clock.getAsLong() - last >= BETWEEN;
        }

        synchronized void say(String line) {
            last = clock.getAsLong();
            print.accept(line);
        }
    }

    private final Pace pace;
    private String what = "";
    private long of;
    private long began;
    /** Where the run was when it was first heard of: one that is resumed does not begin at 0. */
    private long first = -1;

    private long done;

    ProgressLines(Pace pace) {
        this.pace = pace;
    }

    @Override
    public void reset(String message, long max, @Nullable String trailing) {
        what = message;
        of = max;
        began = pace.now();
        first = -1;
        done = 0;
    }

    @Override
    public void start(long initial) {
        // nothing is done yet
    }

    @Override
    public void end() {
        // what came out is said by the command
    }

    @Override
    public void increment(long increment) {
        update(done + increment - 1, null);
    }

    @Override
    public void update(long progress, @Nullable String message) {
        done = progress + 1;
        if (first < 0) {
            first = progress;
        }
        if (pace.isDue() && of > 0) {
            long share = 100 * done / of;
            pace.say(what + ": " + share + "% (" + done + " of " + of + "), " + left()
                    + (message == null || message.isBlank() ? "" : ", " + message));
        }
    }

    private String left() {
        if (done <= 0) {
            return "time left not known yet";
        }
        double each = (double) (pace.now() - began) / Math.max(1, done - first);
        return "about " + words(Duration.ofNanos((long) (each * Math.max(0, of - done)))) + " left";
    }

    private static String words(Duration time) {
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toSeconds() + " s";
    }
}
