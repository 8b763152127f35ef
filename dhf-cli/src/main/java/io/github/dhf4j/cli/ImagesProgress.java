package io.github.dhf4j.cli;

import ai.djl.util.Progress;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Tells how many of many images are done, at what pace, and which network call of a batch runs. */
final class ImagesProgress implements Progress {
    private final Progress shown;
    private final LongSupplier clock;
    private long began;
    private int done;
    private long calls;

    /** Waits for {@link #begin}. */
    ImagesProgress(Progress shown, LongSupplier clock) {
        this.shown = shown;
        this.clock = clock;
    }

    void begin(int images) {
        began = clock.getAsLong();
        shown.reset("describing images", images);
        shown.start(0);
    }

    /** One image more is done. */
    void done() {
        done++;
        shown.update(done - 1, pace());
    }

    private String pace() {
        double minutes = (clock.getAsLong() - began) / 60e9;
        return String.format(Locale.ROOT, "%.1f images a minute", done / Math.max(minutes, 1e-9));
    }

    @Override
    public void reset(String message, long max, @Nullable String trailing) {
        calls = max;
    }

    @Override
    public void start(long initial) {
        // of one batch, which is no part of what is shown
    }

    @Override
    public void end() {
        // as above
    }

    void finish() {
        shown.end();
    }

    @Override
    public void increment(long increment) {
        // networks tell where they are by update
    }

    @Override
    public void update(long progress, @Nullable String message) {
        if (calls > 1) {
            shown.update(done - 1, "call " + (progress + 1) + " of " + calls + (done == 0 ? "" : ", " + pace()));
        }
    }
}
