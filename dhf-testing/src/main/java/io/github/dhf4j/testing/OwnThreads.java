package io.github.dhf4j.testing;

import java.util.concurrent.Executor;

/** Threads for what must run at the same time: from JDK 25 on the common pool has one on two cores, as it may have anywhere. */
public final class OwnThreads {
    /** Starts one for each task. */
    public static final Executor EACH = task -> new Thread(task).start();

    private OwnThreads() {}
}
