package io.github.dhf4j.train;

import com.google.gson.JsonObject;
import io.github.dhf4j.feature.RunMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The loop that every training has in common: step, validation, metrics, checkpoint. It lives in a folder, which holds
 * {@code checkpoint.safetensors}, {@code metrics.jsonl} and {@code metrics.csv}; the same run on the same folder goes on
 * where a killed one was, with the same outcome.
 */
public final class TrainingRun {
    /** The file in a run's folder that holds its state. */
    public static final String CHECKPOINT = "checkpoint.safetensors";

    private final String name;
    private final TrainingPlan plan;
    private final Trainee trainee;
    private final JsonObject description;
    private final RunMonitor monitor;
    private RunState.Form form = RunState.Form.AS_NOW;
    private @Nullable Validation validation;
    private Consumer<TrainingStep> listener = step -> {};
    private double shownLoss = Double.NaN;

    /**
     * A run.
     *
     * @param name what is trained, in a word or two, for messages
     * @param plan how long, and how fast
     * @param trainee what is trained; borrowed
     * @param description what the outcome depends on; a resumed run must have the same
     * @param monitor hears of progress, one step a step, and can cancel between steps
     */
    public TrainingRun(String name, TrainingPlan plan, Trainee trainee, JsonObject description, RunMonitor monitor) {
        this.name = name;
        this.plan = plan;
        this.trainee = trainee;
        this.description = description;
        this.monitor = monitor;
    }

    /**
     * Validates on the way, and may end early.
     *
     * @param policy when, and what of it follows
     * @return this
     */
    public TrainingRun validatedBy(Validation policy) {
        this.validation = policy;
        return this;
    }

    /**
     * Reports each step, on the training thread, after a validation that it made due and before its checkpoint.
     *
     * @param hears of it
     * @return this
     */
    public TrainingRun onStep(Consumer<TrainingStep> hears) {
        this.listener = hears;
        return this;
    }

    /**
     * Goes on with runs that were described otherwise.
     *
     * @param before reads their description
     * @return this
     */
    public TrainingRun describedBefore(RunState.Form before) {
        this.form = before;
        return this;
    }

    /**
     * Runs to the end, or from where a killed run was.
     *
     * @param folder where the run lives
     * @return where it ended
     * @throws IOException if data or the folder fail, or if the folder holds a run that was begun otherwise, or one whose
     *     best weights are gone
     * @throws IllegalStateException if loss, norm or a score is not a finite number
     * @throws java.util.concurrent.CancellationException if the monitor cancels
     */
    public RunProgress run(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IOException("folder of the run must be writable, got " + e + "; name another", e);
        }
        Path checkpoint = folder.resolve(CHECKPOINT);
        RunProgress at = RunProgress.START;
        TrainedTensors tensors = trainee.tensors();
        if (Files.exists(checkpoint)) {
            at = RunState.read(checkpoint, tensors.byName(), description, form, tensors.manager());
            tensors.optimiser().resumeAt(at.step());
        }
        if (validation != null) {
            validation.requireBest(at, isOver(at));
        }
        String[] columns = trainee.metrics().toArray(String[]::new);
        try (MetricsLog log = MetricsLog.open(folder, at.step(), columns)) {
            monitor.start(name, plan.steps());
            while (!isOver(at)) {
                monitor.checkCancelled();
                at = step(at, log, folder);
                if (at.step() % plan.checkpointEvery() == 0 || isOver(at)) {
                    RunState.write(checkpoint, tensors.byName(), at, description);
                }
            }
            monitor.end();
        }
        return at;
    }

    private boolean isOver(RunProgress at) {
        return at.step() >= plan.steps() || (validation != null && validation.isHopeless(at));
    }

    private RunProgress step(RunProgress before, MetricsLog log, Path folder) throws IOException {
        long began = System.nanoTime();
        double factor = plan.schedule().factor(before.step(), plan.steps());
        Trainee.Outcome outcome = trainee.step(before.step(), factor);
        double seconds = (System.nanoTime() - began) / 1e9;
        RunProgress at = before.stepped(outcome.loss());
        requireFinite(outcome, at.step(), folder);
        @Nullable Double score = null;
        if (validation != null && validation.isDue(at.step(), plan.steps())) {
            score = validation.score(at.step());
            at = at.scored(score);
            if (at.bestStep() == at.step()) {
                validation.candidate().keep(at.step(), score);
            }
        }
        TrainingStep report = new TrainingStep(
                at.step(), plan.steps(), outcome.loss(), outcome.norm(), plan.learningRate() * factor, seconds, score);
        log.add(report.toJson());
        listener.accept(report);
        monitor.step(at.step(), message(at));
        return at;
    }

    private void requireFinite(Trainee.Outcome outcome, int step, Path folder) {
        Double norm = outcome.norm();
        if (!Double.isFinite(outcome.loss()) || (norm != null && !Double.isFinite(norm))) {
            throw new IllegalStateException("loss and gradients must be finite numbers, got loss " + outcome.loss()
                    + (norm == null ? "" : " and norm " + norm) + " in step " + step + " of " + name + " (" + folder
                    + "); lower the learning rate; the last checkpoint is whole");
        }
    }

    /** A single step's loss says little; what is shown follows it slowly. */
    private String message(RunProgress at) {
        shownLoss = Double.isNaN(shownLoss) ? at.loss() : 0.98 * shownLoss + 0.02 * at.loss();
        String loss = String.format(Locale.ROOT, "loss %.4f", shownLoss);
        return at.bestStep() == 0 ? loss : loss + String.format(Locale.ROOT, ", best score %.2f", at.bestScore());
    }
}
