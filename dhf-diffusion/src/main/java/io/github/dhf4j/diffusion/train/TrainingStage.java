package io.github.dhf4j.diffusion.train;

import com.google.gson.JsonObject;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.train.LearningRateSchedule;
import io.github.dhf4j.train.MetricsLog;
import io.github.dhf4j.train.RunState;
import io.github.dhf4j.train.TrainableParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The loop that both networks' trainings share: loss, gradients, step, metrics, checkpoint. It lives in a folder, and
 * resumes there after a kill with the same outcome.
 */
final class TrainingStage {
    private static final String CHECKPOINT = "checkpoint.safetensors";

    /** What differs between the networks. */
    @FunctionalInterface
    interface Loss {
        /** The loss of a batch; its gradients are added to the parameters'. Random choices are the step's. */
        double addGradients(int step) throws IOException;
    }

    private final String name;
    private final StageSettings settings;
    private final TrainableParameters parameters;
    private final Loss loss;
    private final RunMonitor monitor;

    TrainingStage(String name, StageSettings settings, TrainableParameters parameters, Loss loss, RunMonitor monitor) {
        this.name = name;
        this.settings = settings;
        this.parameters = parameters;
        this.loss = loss;
        this.monitor = monitor;
    }

    /** Runs to the end, or from where a killed run was; {@code run} is what the outcome depends on. */
    void run(Path folder, JsonObject run) throws IOException {
        Files.createDirectories(folder);
        Path checkpoint = folder.resolve(CHECKPOINT);
        int step = 0;
        if (Files.exists(checkpoint)) {
            JsonObject progress = RunState.read(checkpoint, parameters.state(), run, parameters.manager());
            step = progress.get("step").getAsInt();
            parameters.resumeAt(step);
        }
        LearningRateSchedule schedule = settings.schedule();
        try (MetricsLog log = MetricsLog.open(folder, step, "loss", "norm", "learning_rate", "seconds")) {
            monitor.start(name, settings.steps());
            double smooth = Double.NaN;
            while (step < settings.steps()) {
                monitor.checkCancelled();
                long began = System.nanoTime();
                double rate = settings.learningRate() * schedule.factor(step, settings.steps());
                double value = loss.addGradients(step);
                double norm = parameters.step(rate, settings.maxNorm(), settings.average());
                if (!Double.isFinite(value) || !Double.isFinite(norm)) {
                    throw new IllegalStateException("loss and gradients must be finite numbers, got loss " + value
                            + " and norm " + norm + " in step " + (step + 1) + " of " + name + " (" + folder
                            + "); lower the learning rate; the last checkpoint is whole");
                }
                step++;
                JsonObject line = new JsonObject();
                line.addProperty("step", step);
                line.addProperty("loss", value);
                line.addProperty("norm", norm);
                line.addProperty("learning_rate", rate);
                line.addProperty("seconds", Math.rint((System.nanoTime() - began) / 1e5) / 1e4);
                log.add(line);
                smooth = Double.isNaN(smooth) ? value : 0.98 * smooth + 0.02 * value;
                monitor.step(step, String.format(Locale.ROOT, "loss %.4f", smooth));
                if (step % settings.checkpointEvery() == 0 || step == settings.steps()) {
                    JsonObject progress = new JsonObject();
                    progress.addProperty("step", step);
                    RunState.write(checkpoint, parameters.state(), progress, run);
                }
            }
            monitor.end();
        }
    }
}
