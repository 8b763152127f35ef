package io.github.dhf4j.train;

import java.io.IOException;
import java.util.List;

/**
 * Networks whose gradients the engine records ({@link io.github.dhf4j.tensor.Autograd}): all of a step but the loss.
 *
 * @param settings how they are trained
 * @param parameters their weights; borrowed
 * @param loss adds gradients
 */
public record StageTrainee(StageSettings settings, TrainableParameters parameters, Loss loss) implements Trainee {
    /** What differs from network to network. */
    @FunctionalInterface
    public interface Loss {
        /**
         * The loss of a batch; its gradients are added to the parameters'. Random choices are the step's.
         *
         * @param step 0 first
         * @return the loss
         * @throws IOException if data cannot be read, which ends the run
         */
        double addGradients(int step) throws IOException;
    }

    @Override
    public TrainedTensors tensors() {
        return parameters.tensors();
    }

    @Override
    public List<String> metrics() {
        return List.of("loss", "norm", "learning_rate", "seconds");
    }

    @Override
    public Outcome step(int step, double factor) throws IOException {
        double value = loss.addGradients(step);
        double norm = parameters.step(settings.learningRate() * factor, settings.maxNorm(), settings.average());
        return new Outcome(value, norm);
    }
}
