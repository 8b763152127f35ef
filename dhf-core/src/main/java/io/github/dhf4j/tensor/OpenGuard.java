package io.github.dhf4j.tensor;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Keeps native memory from being freed under a thread that uses it: users enter and leave, the close waits for those
 * inside and happens once, and whoever comes later is told.
 */
public final class OpenGuard {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final String what;
    private boolean closed;

    /**
     * Guards something open.
     *
     * @param what its name, for the message
     */
    public OpenGuard(String what) {
        this.what = what;
    }

    /** A stay inside; to be closed by the thread that entered. */
    @FunctionalInterface
    public interface Use extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Enters.
     *
     * @return closing it leaves
     * @throws IllegalStateException if it is closed
     */
    public Use enter() {
        lock.readLock().lock();
        if (closed) {
            lock.readLock().unlock();
            throw new IllegalStateException(what + " must be open, got a use after close");
        }
        return () -> lock.readLock().unlock();
    }

    /**
     * Waits for those inside, then frees; later calls do nothing.
     *
     * @param free frees what is guarded
     */
    public void close(Runnable free) {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                free.run();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
