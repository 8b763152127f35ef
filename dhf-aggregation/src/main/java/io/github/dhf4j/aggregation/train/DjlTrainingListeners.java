package io.github.dhf4j.aggregation.train;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.metric.Metrics;
import ai.djl.metric.Unit;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Blocks;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.translate.Batchifier;
import io.github.dhf4j.tensor.TorchEngine;
import io.github.dhf4j.train.TrainingStep;
import java.util.Map;

/**
 * Lets DJL's {@link TrainingListener}s listen to a run: they hear of its begin, of each step as a training batch, of
 * each validation as the end of an epoch, and of its end, with the metrics {@code train_loss}, {@code learning_rate},
 * {@code step} (microseconds) and {@code validate_score} in the trainer's {@link Metrics}.
 *
 * <p>Differs from a run of DJL's own: the trainer that listeners see holds no parameters, its batches hold no arrays,
 * its model is empty and its evaluators are too: listeners that ask these (DJL's {@code EvaluatorTrainingListener} and
 * {@code DivergenceCheckTrainingListener}) find nothing.
 */
public final class DjlTrainingListeners implements TrainingHooks, AutoCloseable {
    private final TrainingHooks hooks;
    private final Model model;
    private final Trainer trainer;
    private final NDManager manager;

    /**
     * Begins to listen.
     *
     * @param hooks watches as well; {@link TrainingHooks#NONE} for nobody else
     * @param listeners DJL's or your own
     */
    public DjlTrainingListeners(TrainingHooks hooks, TrainingListener... listeners) {
        this.hooks = hooks;
        this.model = TorchEngine.newModel("aggregator");
        model.setBlock(Blocks.identityBlock());
        this.manager = model.getNDManager().newSubManager();
        this.trainer = model.newTrainer(new DefaultTrainingConfig(Loss.l2Loss())
                .optDevices(new Device[] {Device.cpu()})
                .addTrainingListeners(listeners));
        trainer.setMetrics(new Metrics());
    }

    /**
     * The metrics that were heard of so far.
     *
     * @return DJL's own, live
     */
    public Metrics metrics() {
        return trainer.getMetrics();
    }

    @Override
    public void onStep(TrainingStep step) {
        metrics().addMetric("train_loss", step.loss());
        metrics().addMetric("learning_rate", step.learningRate());
        metrics().addMetric("step", step.seconds() * 1e6, Unit.MICROSECONDS);
        Double score = step.score();
        if (score != null) {
            metrics().addMetric("validate_score", score);
        }
        try (Batch batch = new Batch(
                manager.newSubManager(),
                new NDList(),
                new NDList(),
                1,
                Batchifier.STACK,
                Batchifier.STACK,
                step.step(),
                step.steps())) {
            TrainingListener.BatchData data =
                    new TrainingListener.BatchData(batch, Map.of(Device.cpu(), new NDList()), Map.of());
            trainer.notifyListeners(listener -> listener.onTrainingBatch(trainer, data));
        }
        if (score != null) {
            trainer.notifyListeners(listener -> listener.onEpoch(trainer));
        }
        hooks.onStep(step);
    }

    /** Frees what DJL holds; its trainer tells listeners of the end when it is closed. */
    @Override
    public void close() {
        trainer.close();
        manager.close();
        model.close();
    }
}
