package io.github.dhf4j.spark;

import io.github.dhf4j.DescriptorPipeline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.jspecify.annotations.Nullable;

/**
 * The pipelines of a JVM, one a recipe. <b>Ownership:</b> the registry opens a pipeline when a task first asks for it and
 * is the only one to close it; a task holds a {@link Lease} and closes that. A pipeline that nobody has held for {@code
 * spark.dhf.idle} (5 minutes unless it is set) is closed, so that a long-lived executor gives its memory back, and is
 * opened again when it is asked for. One that nobody holds is closed when the JVM ends; one that is held then ends with
 * the JVM.
 */
final class SharedPipelines {
    private static final String IDLE = "spark.dhf.idle";
    private static final long IDLE_SECONDS = Duration.ofMinutes(5).toSeconds();

    private static final Map<PipelineRecipe, Entry> KNOWN = new HashMap<>();

    private static final ScheduledExecutorService CLOSER = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "dhf-pipelines");
        thread.setDaemon(true);
        return thread;
    });

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(SharedPipelines::closeIdle, "dhf-pipelines-exit"));
    }

    private static final class Entry {
        private final SharedPipeline shared;
        private int holders;
        private @Nullable ScheduledFuture<?> closing;

        Entry(PipelineRecipe recipe) {
            this.shared = new SharedPipeline(recipe);
        }
    }

    private SharedPipelines() {}

    /** Keeps a pipeline open until it is closed, which closes no pipeline. */
    static final class Lease implements AutoCloseable {
        private final PipelineRecipe recipe;
        private final SharedPipeline shared;
        private final DescriptorPipeline pipeline;
        private boolean closed;

        private Lease(PipelineRecipe recipe, SharedPipeline shared) throws IOException {
            this.recipe = recipe;
            this.shared = shared;
            this.pipeline = shared.open();
            EngineCores.use(recipe); // another recipe may have said otherwise since
        }

        SharedPipeline shared() {
            return shared;
        }

        DescriptorPipeline pipeline() {
            return pipeline;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                leave(recipe);
            }
        }
    }

    /** Opens a recipe's pipeline, or finds it open. */
    static Lease lease(PipelineRecipe recipe) throws IOException {
        SharedPipeline shared = enter(recipe);
        try {
            return new Lease(recipe, shared);
        } catch (IOException | RuntimeException | Error e) {
            leave(recipe);
            throw e;
        }
    }

    private static synchronized SharedPipeline enter(PipelineRecipe recipe) {
        Entry entry = KNOWN.computeIfAbsent(recipe, Entry::new);
        entry.holders++;
        if (entry.closing != null) {
            entry.closing.cancel(false);
            entry.closing = null;
        }
        return entry.shared;
    }

    private static synchronized void leave(PipelineRecipe recipe) {
        Entry entry = KNOWN.get(recipe);
        if (entry != null && --entry.holders == 0) {
            entry.closing = CLOSER.schedule(() -> closeIf(recipe), idleSeconds(), TimeUnit.SECONDS);
        }
    }

    private static void closeIf(PipelineRecipe recipe) {
        SharedPipeline idle = takeIdle(recipe);
        if (idle != null) {
            idle.close();
        }
    }

    private static synchronized @Nullable SharedPipeline takeIdle(PipelineRecipe recipe) {
        Entry entry = KNOWN.get(recipe);
        if (entry == null || entry.holders > 0) {
            return null;
        }
        KNOWN.remove(recipe);
        return entry.shared;
    }

    /** Closes all that nobody holds. */
    static void closeIdle() {
        List<PipelineRecipe> recipes;
        synchronized (SharedPipelines.class) {
            recipes = new ArrayList<>(KNOWN.keySet());
        }
        recipes.forEach(SharedPipelines::closeIf);
    }

    /** How many are there, open or being opened. */
    static synchronized int count() {
        return KNOWN.size();
    }

    private static long idleSeconds() {
        SparkEnv env = SparkEnv.get();
        return env == null ? IDLE_SECONDS : env.conf().getTimeAsSeconds(IDLE, IDLE_SECONDS + "s");
    }
}
