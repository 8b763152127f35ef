package io.github.dhf4j.tensor;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps native memory from being freed under whom it is used by: users enter and leave, the close waits for those
 * inside and happens once, and whoever comes after a close began is told.
 *
 * <p>Who is inside may enter again while a close waits, so that what was begun is finished. A close by a thread that is
 * inside itself, such as from a callback, returns at once; what is guarded is then freed when the last one leaves.
 */
public final class OpenGuard {
    private final String what;
    private final Map<Thread, Integer> inside = new HashMap<>();
    private boolean closing;
    private boolean freed;
    private @Nullable Runnable free;

    /**
     * Guards something open.
     *
     * @param what its name, for the message
     */
    public OpenGuard(String what) {
        this.what = what;
    }

    /** A stay inside; closing it leaves, on whatever thread. */
    @FunctionalInterface
    public interface Use extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Enters, to do something by itself or as a part of what this thread does inside already.
     *
     * @return closing it leaves, once
     * @throws IllegalStateException if a close has begun and this thread is not inside already
     */
    public synchronized Use enter() {
        return enter(inside.containsKey(Thread.currentThread()));
    }

    /**
     * Enters, to begin something new.
     *
     * @return closing it leaves, once
     * @throws IllegalStateException if a close has begun, even if this thread is inside already
     */
    public synchronized Use begin() {
        return enter(false);
    }

    private Use enter(boolean goesOn) {
        if (closing && !goesOn) {
            throw new IllegalStateException(what + " must be open, got a use after close");
        }
        Thread who = Thread.currentThread();
        inside.merge(who, 1, Integer::sum);
        boolean[] left = new boolean[1];
        return () -> leave(who, left);
    }

    private void leave(Thread who, boolean[] left) {
        Runnable last;
        synchronized (this) {
            if (left[0]) {
                return;
            }
            left[0] = true;
            inside.computeIfPresent(who, (thread, times) -> times == 1 ? null : times - 1);
            last = takeFree();
        }
        run(last);
    }

    /**
     * Waits for those inside, then frees; later calls do nothing but wait for the same.
     *
     * @param release frees what is guarded
     */
    public void close(Runnable release) {
        Runnable now;
        synchronized (this) {
            if (!closing) {
                closing = true;
                free = release;
            }
            now = takeFree();
        }
        run(now);
        awaitFreed();
    }

    /** What is left to do once nobody is inside, given to one caller only. */
    private @Nullable Runnable takeFree() {
        Runnable release = free;
        if (release == null || !inside.isEmpty()) {
            return null;
        }
        free = null;
        return release;
    }

    private void run(@Nullable Runnable release) {
        if (release != null) {
            try {
                release.run();
            } finally {
                synchronized (this) {
                    freed = true;
                    notifyAll();
                }
            }
        }
    }

    private synchronized void awaitFreed() {
        boolean interrupted = false;
        while (!freed && !inside.containsKey(Thread.currentThread())) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // what was begun is finished all the same
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
