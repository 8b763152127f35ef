package io.github.dhf4j.diffusion.train;

import io.github.dhf4j.tensor.ScriptModule;

/** The compiled losses beside this class. */
final class TrainingOps {
    static final ScriptModule SCRIPT = ScriptModule.load(TrainingOps.class, "training.py");

    private TrainingOps() {}
}
