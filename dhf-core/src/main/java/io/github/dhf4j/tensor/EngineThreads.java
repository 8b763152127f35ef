package io.github.dhf4j.tensor;

import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.Semaphore;

/**
 * The engine's threads on the CPU, which all runs of the JVM share. A call of the engine that is alone uses as many as one
 * call may; calls of several threads at once use one each, and more of them than there are cores wait, first come, first
 * served. Without that every thread that calls the engine gets a team of its own, and eight requests on two cores run
 * sixteen threads that wait for one another. (Sums of many threads may differ from those of one in their last bits.)
 *
 * <p>A program that has cores to spare for other work sets fewer, before its first network runs.
 */
public final class EngineThreads {
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private static final Semaphore FREE = new Semaphore(CORES, true);

    private static final ThreadLocal<Integer> USED = new ThreadLocal<>();

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
        USED.set(count);
        perCall = count;
    }

    /** Takes the threads of one call; what is returned is given back by {@link #leave}. */
    static int enter() {
        int taken = Math.min(count(), CORES);
        if (!FREE.tryAcquire(taken)) {
            taken = 1;
            FREE.acquireUninterruptibly();
        }
        // the engine keeps the number for each thread that calls it
        Integer before = USED.get();
        if (before == null || before != taken) {
            JniUtils.setNumThreads(taken);
            USED.set(taken);
        }
        return taken;
    }

    static void leave(int taken) {
        FREE.release(taken);
    }
}
