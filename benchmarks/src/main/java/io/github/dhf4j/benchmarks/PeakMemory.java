package io.github.dhf4j.benchmarks;

import io.github.dhf4j.eval.pck.ResidentMemory;
import java.io.IOException;
import java.util.Locale;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Says after each invocation how high resident memory rose over what was there before all of them. */
@State(Scope.Benchmark)
public abstract class PeakMemory {
    private double before;

    /** What was there before, in words. */
    abstract String beginning();

    /** To be called when all that was there before is there. */
    void begin() throws IOException {
        System.gc();
        before = ResidentMemory.nowMegabytes();
    }

    @Setup(Level.Invocation)
    public void resetPeak() {
        ResidentMemory.resetPeak();
    }

    @TearDown(Level.Invocation)
    public void reportPeak() throws IOException {
        System.out.printf(
                Locale.ROOT, "%n  peak %.0f MiB over %s%n", ResidentMemory.peakMegabytes() - before, beginning());
    }
}
