package io.github.dhf4j.benchmarks;

import io.github.dhf4j.backbones.HoughMatching;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does DHPF's Hough space of one pair take: votes of 3600 x 3600 correlations, smoothing, multiplying? Rival:
 * {@code peers/backbones_torch.py hough}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
public class HoughBenchmark {
    private final HoughMatching hough = new HoughMatching(HoughMatching.CELL);
    private final float[] correlation = new float[3600 * 3600];

    @Setup(Level.Invocation)
    public void draw() {
        Random random = new Random(1);
        for (int i = 0; i < correlation.length; i++) {
            correlation[i] = random.nextFloat();
        }
    }

    @Benchmark
    public float[] regularise() {
        hough.regularise(correlation);
        return correlation;
    }
}
