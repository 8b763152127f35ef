package io.github.dhf4j.reproduction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorFile;
import io.github.dhf4j.data.FeatureCache;
import io.github.dhf4j.diffusion.DiffusionFeatureExtractor;
import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.PairDatasets;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.eval.pck.Bootstrap;
import io.github.dhf4j.eval.world.RenderedWorld;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PCK against network calls. */
class CallCurveTest {
    private static final Path SD15 = Golden.fixtures().resolve("sd15/pipeline");
    private static final Path WEIGHTS = SD15.resolveSibling("aggregation_network.pt");

    @TempDir
    private Path folder;

    private static CallCurve.Row row(CallBudget budget, int calls, double loss) {
        Bootstrap.Interval interval = new Bootstrap.Interval(-loss - 0.004, 0.004 - loss);
        return new CallCurve.Row(
                budget, calls, List.of(49, 20), 0.514 - loss, new Bootstrap.Comparison(-loss, interval, 0.5, 525));
    }

    private static final CallCurve DRAWN = new CallCurve(
            "drawn",
            525,
            List.of(
                    row(CallBudget.PAPER, 50, 0),
                    row(CallBudget.of(11), 11, -0.003),
                    row(CallBudget.of(6), 6, 0.007),
                    row(CallBudget.of(4), 4, 0.005),
                    row(CallBudget.of(2), 2, 0.022)));

    @Test
    void theFewestCallsAreChosenWhoseMeanLossIsHalfAPointAtMost() {
        assertThat(DRAWN.choice().calls()).isEqualTo(4);
        CallCurve none =
                new CallCurve("", 1, List.of(DRAWN.rows().get(0), DRAWN.rows().get(4)));
        assertThat(none.choice().budget()).isEqualTo(CallBudget.PAPER);
        assertThat(CallCurveFiles.choice(DRAWN))
                .isEqualTo("choice: --calls 4, the fewest calls (4 an image) whose mean loss is at most 0.5 points");
        assertThat(CallCurveFiles.holding(DRAWN))
                .isEqualTo("one weights file holds at the budgets paper, 11, 4; not at 6, 2");
    }

    @Test
    void aCurveIsATableForPeopleAndOneForProgramsAndAPicture() throws IOException {
        CallCurveFiles.write(DRAWN, "x with weights y", "for trying only", folder);
        assertThat(Files.readString(folder.resolve("calls.md")))
                .contains("for trying only", "525 pairs (drawn)")
                .contains("| paper | 50 | 49 20 | 51.4 | +0.0 | -0.4 to 0.4 | yes |")
                .contains("| 2 | 2 | 49 20 | 49.2 | -2.2 | -2.6 to -1.8 | no |")
                .contains("choice: --calls 4");
        assertThat(Files.readAllLines(folder.resolve("calls.csv")))
                .hasSize(6)
                .contains("budget,calls,save_indices,pck,difference,low,high,holds")
                .contains("6,6,49 20,0.507000,-0.007000,-0.011000,-0.003000,false");
        assertThat(ImageIO.read(folder.resolve("calls.png").toFile()).getWidth())
                .isEqualTo(860);
    }

    @Test
    void aCurveIsMeasuredOverTheCacheAndGoesOnWhereItWas() throws IOException {
        RenderedWorld.write(new RenderedWorld.Order(Split.VALIDATION, 15, 2, 48, 0), folder, RunMonitor.NONE);
        PairDataset pairs = PairDatasets.read(folder, null, new PairDatasets.Selection(Split.VALIDATION, 0, 0))
                .categories(List.of("car"), true);
        FeatureCache cache = FeatureCache.open(folder.resolve("cache"), 1_000_000_000L, DataType.FLOAT16);
        List<CallBudget> budgets = List.of(CallBudget.of(4), CallBudget.of(1), CallBudget.of(4));
        try (Aggregator aggregator = Aggregator.open(WEIGHTS, TorchRuntime.cpu());
                DiffusionFeatureExtractor network =
                        DiffusionFeatureExtractor.open(SD15, aggregator.settings(), TorchRuntime.cpu())) {
            AtomicInteger asked = new AtomicInteger();
            RunMonitor impatient = new RunMonitor(null, () -> asked.incrementAndGet() > 60);
            assertThatThrownBy(() ->
                            CallCurve.measure(network, WEIGHTS, cache, pairs, budgets, TorchRuntime.cpu(), impatient))
                    .isInstanceOf(CancellationException.class);
            int images = (int) pairs.pairs().stream()
                    .flatMap(pair -> java.util.stream.Stream.of(pair.source(), pair.target()))
                    .distinct()
                    .count();
            assertThat(cache.entries()).isNotEmpty().hasSizeLessThan(3 * images);
            CallCurve curve =
                    CallCurve.measure(network, WEIGHTS, cache, pairs, budgets, TorchRuntime.cpu(), RunMonitor.NONE);
            assertThat(curve.rows()).extracting(CallCurve.Row::calls).containsExactly(50, 4, 1);
            assertThat(curve.rows())
                    .extracting(CallCurve.Row::saveIndices)
                    .contains(List.of(49, 35, 20, 5), List.of(49));
            assertThat(curve.rows().get(0).difference().difference()).isZero();
            assertThat(curve.rows().get(0).holds()).isTrue();
            assertThat(cache.entries()).hasSize(3 * images);
            int[] calls = {0};
            CallCurve again = CallCurve.measure(
                    network, WEIGHTS, cache, pairs, budgets, TorchRuntime.cpu(), new RunMonitor(null, () -> {
                        calls[0]++;
                        return false;
                    }));
            assertThat(again).isEqualTo(curve);
            assertThat(calls[0])
                    .as("no network ran")
                    .isEqualTo(3 * pairs.pairs().size());
            assertThatThrownBy(() -> CallCurve.measure(
                            network,
                            WEIGHTS,
                            cache,
                            pairs,
                            List.of(CallBudget.of(12)),
                            TorchRuntime.cpu(),
                            RunMonitor.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("calls must be 1 to 11");
        }
    }

    @Test
    void usualBudgetsAreOfCallsThatTheWeightsKnow() throws IOException {
        try (AggregatorFile file = AggregatorFile.open(WEIGHTS)) {
            assertThat(CallCurve.usualBudgets(file.config())).hasToString("[paper, 11, 6, 4, 3, 2, 1]");
        }
    }
}
