package io.github.dhf4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loop of all trainings, with a weight that each step moves by AdamW. */
class TrainingRunTest {
    private static final TrainingPlan PLAN =
            new TrainingPlan(10, 0.1, new LearningRateSchedule(LearningRateSchedule.Decay.LINEAR, 2, 0, 0.1), 3);

    @TempDir
    Path folder;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final List<TrainingStep> heard = new ArrayList<>();

    @AfterEach
    void close() {
        manager.close();
    }

    /** Its gradients depend on the step alone, its loss becomes NaN at a step. */
    private final class Weight implements Trainee {
        private final NDArray weight = manager.create(new float[] {1, -2});
        private final AdamW optimiser = new AdamW(Map.of("w", weight), manager, AdamW.Settings.REFERENCE);
        private final int breaksAt;

        Weight(int breaksAt) {
            this.breaksAt = breaksAt;
        }

        @Override
        public TrainedTensors tensors() {
            return new TrainedTensors(manager, Map.of("w", weight), Map.of(), optimiser);
        }

        @Override
        public List<String> metrics() {
            return List.of("loss", "norm", "learning_rate", "seconds", "score");
        }

        @Override
        public Outcome step(int step, double factor) {
            try (NDArray gradient = manager.create(new float[] {step + 1, -0.5f * step})) {
                optimiser.step(Map.of("w", gradient), name -> 0.1 * factor);
            }
            return new Outcome(step == breaksAt ? Double.NaN : 10 - step, step + 0.5);
        }
    }

    private TrainingRun run(Weight weight, RunMonitor monitor) {
        JsonObject description = new JsonObject();
        description.addProperty("seed", 1);
        return new TrainingRun("weight", PLAN, weight, description, monitor).onStep(heard::add);
    }

    private static RunMonitor stopAfter(int steps) {
        int[] asked = new int[1];
        return new RunMonitor(null, () -> asked[0]++ >= steps);
    }

    @Test
    void aStoppedRunGoesOnAtItsCheckpointAndEndsTheSame() throws IOException {
        Weight whole = new Weight(-1);
        RunProgress end = run(whole, RunMonitor.NONE).run(folder.resolve("whole"));
        assertThat(end).isEqualTo(new RunProgress(10, 1, Double.NEGATIVE_INFINITY, 0, 0));
        assertThat(heard).extracting(TrainingStep::step).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(heard)
                .allSatisfy(step -> assertThat(step.learningRate())
                        .isEqualTo(0.1 * PLAN.schedule().factor(step.step() - 1, 10)));
        Path stopped = folder.resolve("stopped");
        assertThatThrownBy(() -> run(new Weight(-1), stopAfter(8)).run(stopped))
                .isInstanceOf(CancellationException.class);
        heard.clear();
        Weight resumed = new Weight(-1);
        assertThat(run(resumed, RunMonitor.NONE).run(stopped)).isEqualTo(end);
        assertThat(heard).extracting(TrainingStep::step).containsExactly(7, 8, 9, 10);
        assertThat(resumed.weight.toFloatArray()).containsExactly(whole.weight.toFloatArray());
        assertThat(Files.readAllLines(stopped.resolve("metrics.csv")))
                .hasSize(11)
                .startsWith("step,loss,norm,learning_rate,seconds,score")
                .element(1)
                .asString()
                .startsWith("1,10.0,0.5,")
                .endsWith(",");
    }

    @Test
    void aCheckpointOfBeforeThatSaysNoMoreThanItsStepIsResumed() throws IOException {
        Weight first = new Weight(-1);
        assertThatThrownBy(() -> run(first, stopAfter(6)).run(folder)).isInstanceOf(CancellationException.class);
        SafeTensorsWriter writer =
                new SafeTensorsWriter().metadata("run", "{\"seed\":1}").metadata("progress", "{\"step\":6}");
        first.tensors().byName().forEach(writer::tensor);
        writer.write(folder.resolve(TrainingRun.CHECKPOINT));
        Weight resumed = new Weight(-1);
        run(resumed, RunMonitor.NONE).run(folder);
        Weight whole = new Weight(-1);
        run(whole, RunMonitor.NONE).run(folder.resolve("whole"));
        assertThat(resumed.weight.toFloatArray()).containsExactly(whole.weight.toFloatArray());
    }

    @Test
    void theBestIsKeptAndPatienceEndsTheRun() throws IOException {
        Path best = folder.resolve("best");
        double[] scores = {0.2, 0.7, 0.6, 0.5, 0.9};
        Validation.Candidate candidate = new Validation.Candidate() {
            @Override
            public double score(int step) {
                return scores[step / 2 - 1];
            }

            @Override
            public void keep(int step, double score) throws IOException {
                Files.writeString(best, step + " " + score);
            }
        };
        Validation patient = new Validation(2, 2, best, candidate);
        RunProgress end =
                run(new Weight(-1), RunMonitor.NONE).validatedBy(patient).run(folder);
        assertThat(end).isEqualTo(new RunProgress(8, 3, 0.7, 4, 2));
        assertThat(best).hasContent("4 0.7");
        heard.clear();
        assertThat(run(new Weight(-1), RunMonitor.NONE).validatedBy(patient).run(folder))
                .isEqualTo(end);
        assertThat(heard).isEmpty();
        Files.delete(best);
        assertThatThrownBy(() -> run(new Weight(-1), RunMonitor.NONE)
                        .validatedBy(patient)
                        .run(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("best weights, those after step 4")
                .hasMessageContaining("delete checkpoint.safetensors to begin anew");
    }

    @Test
    void aLossThatIsNoNumberEndsTheRunBeforeItIsWritten() {
        assertThatThrownBy(() -> run(new Weight(4), RunMonitor.NONE).run(folder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("got loss NaN and norm 4.5 in step 5 of weight (" + folder + ")");
        assertThat(heard).hasSize(4);
    }
}
