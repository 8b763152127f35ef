package io.github.dhf4j.benchmarks;

import io.github.dhf4j.feature.CellProducts;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.CosineMatcher;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long matching twenty points by MARCO's descriptors takes, 1024 numbers for each of 220 x 220 cells, once both images are
 * described: plain products and a soft arg max, without and with what tells how far a match can be trusted.
 * {@code benchmarks/run MatchCells}; on one thread with {@code -jvmArgsAppend
 * -Djava.util.concurrent.ForkJoinPool.common.parallelism=1}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class MatchCellsBenchmark {
    private static final int CHANNELS = 1024;
    private static final int CELLS = 220;
    private static final int SIDE = 770;
    private static final int POINTS = 20;

    /** Whether each match is given its confidence. */
    @Param({"false", "true"})
    private boolean trusted;

    private final CosineMatcher matcher = new CosineMatcher();
    private final List<Point> points = new ArrayList<>();
    private DescriptorMap source = map(1);
    private DescriptorMap target = source;

    /** Creates the state; JMH fills it. */
    public MatchCellsBenchmark() {}

    /** Draws maps and points. */
    @Setup
    public void draw() {
        target = map(2);
        Random random = new Random(3);
        for (int i = 0; i < POINTS; i++) {
            points.add(new Point(random.nextInt(SIDE), random.nextInt(SIDE)));
        }
    }

    private static DescriptorMap map(long seed) {
        double step = (SIDE - 1.0) / (CELLS - 1) / SIDE;
        return RandomMaps.of(CHANNELS, CELLS, SIDE, seed).withProducts(new CellProducts(step, step));
    }

    /**
     * The library's way.
     *
     * @return the matches
     */
    @Benchmark
    public List<Correspondence> match() {
        return matcher.match(source, target, points, trusted ? MatchOptions.USUAL.trusted() : MatchOptions.USUAL);
    }
}
