package io.github.dhf4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.feature.RunMonitor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
    private static final long SECOND = 1_000_000_000L;

    private final long[] now = {-5 * SECOND};
    private final List<String> lines = new ArrayList<>();
    private final ProgressLines.Pace pace = new ProgressLines.Pace(() -> now[0], lines::add);

    private void run(String what, int from, int steps, long secondsEach) {
        RunMonitor monitor = new RunMonitor(new ProgressLines(pace), () -> false);
        monitor.start(what, steps);
        for (int i = from; i < steps; i++) {
            now[0] += secondsEach * SECOND;
            monitor.step(i + 1, "loss 1");
        }
        monitor.end();
    }

    @Test
    void aLogGetsALineEveryTenSecondsWithTheShareDoneAndTheTimeLeft() {
        run("training", 0, 100, 1);
        assertThat(lines)
                .hasSize(10)
                .startsWith("training: 10% (10 of 100), about 1 min 30 s left, loss 1")
                .endsWith("training: 100% (100 of 100), about 0 s left, loss 1");
    }

    @Test
    void aShortRunSaysNothing() {
        run("describing", 0, 9, 1);
        assertThat(lines).isEmpty();
    }

    @Test
    void manyShortRunsTogetherAreNoOftener() {
        for (int i = 0; i < 20; i++) {
            run("describing", 0, 4, 1);
        }
        assertThat(lines).hasSizeBetween(7, 8);
    }

    @Test
    void aResumedRunIsAsFastAsItIsNow() {
        run("training", 900, 1000, 60);
        assertThat(lines.get(0)).isEqualTo("training: 90% (901 of 1000), about 1 h 39 min left, loss 1");
    }
}
