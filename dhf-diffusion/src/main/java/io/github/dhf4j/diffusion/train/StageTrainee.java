package io.github.dhf4j.diffusion.train;

import io.github.dhf4j.train.TrainableParameters;
import io.github.dhf4j.train.TrainedTensors;
import io.github.dhf4j.train.Trainee;
import java.io.IOException;
import java.util.List;

/** Networks whose gradients the engine records: both stages' steps, but for the loss. */
record StageTrainee(StageSettings settings, TrainableParameters parameters, Loss loss) implements Trainee {
    /** What differs between the stages. */
    @FunctionalInterface
    interface Loss {
        /** The loss of a batch; its gradients are added to the parameters'. Random choices are the step's. */
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
