package io.github.dhf4j.spark;

import ai.djl.util.Progress;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.feature.RunMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;

/** A pipeline that the tasks of a JVM share, opened by the first of them. Owned by {@link SharedPipelines}. */
final class SharedPipeline {
    /** One network call at a time in a JVM, whichever pipeline it is of: calls beside one another would share the cores. */
    private static final ReentrantLock TURN = new ReentrantLock(true);

    private final PipelineRecipe recipe;
    private final AtomicLong calls = new AtomicLong();
    private @Nullable DescriptorPipeline pipeline;
    private boolean raw;

    SharedPipeline(PipelineRecipe recipe) {
        this.recipe = recipe;
    }

    /** The pipeline, opened if need be; others wait meanwhile. */
    synchronized DescriptorPipeline open() throws IOException {
        DescriptorPipeline opened = pipeline;
        if (opened == null) {
            EngineCores.use(recipe);
            DescriptorPipelineBuilder builder = recipe.builder().monitor(monitor());
            opened = builder.build();
            raw = builder.rawSettings() != null;
            pipeline = opened;
        }
        return opened;
    }

    /** Counts network calls, and stops a task that was killed between two of them. */
    RunMonitor monitor() {
        return new RunMonitor(new Count(calls), SharedPipeline::isKilled);
    }

    /** Whether descriptors are raw maps; of an open one. */
    synchronized boolean isRaw() {
        return raw;
    }

    synchronized void close() {
        if (pipeline != null) {
            pipeline.close();
            pipeline = null;
        }
    }

    /** What runs the network. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws IOException;
    }

    /** Runs the network when it is this task's turn; what it took goes to the counters. */
    <T> T inTurn(DescribeCounters counters, Call<T> call) throws IOException {
        try {
            TURN.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the run was cancelled");
        }
        long began = System.nanoTime();
        long before = calls.get();
        try {
            return call.run();
        } finally {
            counters.ran(calls.get() - before, (System.nanoTime() - began) / 1e9);
            TURN.unlock();
        }
    }

    /** The same of what throws no exception of files. */
    <T> T alone(DescribeCounters counters, Call<T> call) {
        try {
            return inTurn(counters, call);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asked on the thread that runs the network, which is the task's. */
    private static boolean isKilled() {
        TaskContext task = TaskContext.get();
        return task != null && task.isInterrupted();
    }

    /** Counts network calls. */
    private record Count(AtomicLong calls) implements Progress {
        @Override
        public void reset(String message, long max) {}

        @Override
        public void reset(String message, long max, String trailing) {}

        @Override
        public void start(long initial) {}

        @Override
        public void end() {}

        @Override
        public void increment(long increment) {
            calls.addAndGet(increment);
        }

        @Override
        public void update(long progress) {
            calls.incrementAndGet();
        }

        @Override
        public void update(long progress, String message) {
            calls.incrementAndGet();
        }
    }
}
