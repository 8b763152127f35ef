package io.github.dhf4j.benchmarks;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/** Sets how many threads the engine uses: -Ddhf.bench.threads=N, default 1. */
final class Threads {
    private Threads() {}

    static int set() {
        int threads = Integer.getInteger("dhf.bench.threads", 1);
        Engine.getEngine("PyTorch");
        JniUtils.setNumThreads(threads);
        JniUtils.setGradMode(false);
        return threads;
    }
}
