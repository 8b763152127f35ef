package io.github.dhf4j.cli;

import ai.djl.util.Progress;
import io.github.dhf4j.feature.RunMonitor;
import java.io.Console;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on the terminal's error stream; where there is no terminal, a line now and then. */
final class ConsoleProgress implements Progress {
    private static final ProgressLines.Pace PACE =
            new ProgressLines.Pace(System::nanoTime, line -> System.err.println(line));

    private final Progress lines = new ProgressLines(PACE);
    private @Nullable ProgressBar bar;

    /** What a run of the command line is watched by: a bar or lines, and Control-C, which ends the process. */
    static RunMonitor monitor() {
        return new RunMonitor(new ConsoleProgress(), () -> false);
    }

    /** A command begins, of which nothing is said for a while. */
    static void restart() {
        PACE.restart();
    }

    @Override
    public void reset(String message, long max, @Nullable String trailing) {
        if (isTerminal()) {
            bar = new ProgressBarBuilder()
                    .setTaskName(message)
                    .setInitialMax(max)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUnit("", 1)
                    .build();
        } else {
            lines.reset(message, max, trailing);
        }
    }

    @SuppressWarnings("SystemConsoleNull") // from Java 22 on it is not null where there is no terminal, and can tell
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null || System.getenv("TERM") == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    @Override
    public void start(long initial) {
        if (bar != null) {
            bar.stepTo(initial);
        }
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
        } else {
            lines.increment(increment);
        }
    }

    @Override
    public void update(long progress, @Nullable String message) {
        if (bar == null) {
            lines.update(progress, message);
            return;
        }
        bar.stepTo(progress + 1);
        if (message != null) {
            bar.setExtraMessage(message);
        }
    }
}
