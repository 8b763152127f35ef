package io.github.dhf4j.tensor;

import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.Semaphore;

/**
 * The engine's threads on the CPU, which all runs of the JVM share. Each call of the engine takes as many as one call may
 * use; calls of other threads wait for them, first come, first served. Without that every thread that calls the engine gets
 * a team of its own, and eight requests on two cores run sixteen threads that wait for one another.
 *
 * <p>A program that has cores to spare for other work sets fewer, before its first network runs.
 */
public final class EngineThreads {
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private static final Semaphore FREE = new Semaphore(CORES, true);

    private static volatile int perCall;

    private EngineThreads() {}

    /**
     * How many threads one call of the engine uses.
     *
     * @return what was set, else what the engine chose (its environment's {@code OMP_NUM_THREADS}, or the cores)
     */
    public static int count() {
        int count = perCall;
        if (count == 0) {
            TorchEngine.get();
            count = Math.max(1, JniUtils.getNumThreads());
            perCall = count;
        }
        return count;
    }

    /**
     * Chooses how many threads one call of the engine uses. Calls that run already go on with what they have.
     *
     * @param count 1 to the number of cores
     * @throws IllegalArgumentException if it is not
     */
    public static void set(int count) {
        if (count < 1 || count > CORES) {
            throw new IllegalArgumentException(
                    "threads must be 1 to " + CORES + ", the cores of this machine, got " + count);
        }
        TorchEngine.get();
        JniUtils.setNumThreads(count);
        perCall = count;
    }

    /** Takes the threads of one call; what is returned is given back by {@link #leave}. */
    static int enter() {
        int taken = Math.min(count(), CORES);
        FREE.acquireUninterruptibly(taken);
        return taken;
    }

    static void leave(int taken) {
        FREE.release(taken);
    }
}
