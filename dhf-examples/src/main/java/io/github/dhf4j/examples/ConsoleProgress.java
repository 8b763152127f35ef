package io.github.dhf4j.examples;

import ai.djl.util.Progress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on the terminal's error stream; silent where there is no terminal. */
final class ConsoleProgress implements Progress {
    private @Nullable ProgressBar bar;

    @Override
    @SuppressWarnings("SystemConsoleNull") // never null from Java 22 on: the bar is then drawn where there is TERM
    public void reset(String message, long max, String trailing) {
        if (System.console() != null && System.getenv("TERM") != null) {
            bar = new ProgressBarBuilder()
                    .setTaskName(message)
                    .setInitialMax(max)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUnit("", 1)
                    .build();
        }
    }

    @Override
    public void start(long initial) {
        update(initial - 1, null);
    }

    @Override
    public void end() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    @Override
    public void increment(long increment) {
        if (bar != null) {
            bar.stepBy(increment);
        }
    }

    @Override
    public void update(long progress, @Nullable String message) {
        if (bar != null) {
            bar.stepTo(progress + 1);
            if (message != null) {
                bar.setExtraMessage(message);
            }
        }
    }
}
