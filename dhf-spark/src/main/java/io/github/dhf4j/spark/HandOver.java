package io.github.dhf4j.spark;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Hands sources from a task's thread to the one that reads ahead: what Spark gives a task is to be taken on the task's own
 * thread.
 */
final class HandOver<T> implements Iterator<T> {
    private final BlockingQueue<Optional<T>> queue = new LinkedBlockingQueue<>();
    private @Nullable Optional<T> next;

    void give(T source) {
        queue.add(Optional.of(source));
    }

    /** There will be no more. */
    void end() {
        queue.add(Optional.empty());
    }

    /** Waits until there is one, or the end. */
    @Override
    public boolean hasNext() {
        Optional<T> known = next;
        if (known == null) {
            try {
                known = queue.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("the run was cancelled");
            }
            next = known;
        }
        return known.isPresent();
    }

    @Override
    public T next() {
        Optional<T> known = hasNext() ? next : null;
        if (known == null || known.isEmpty()) {
            throw new NoSuchElementException("no source is left");
        }
        next = null;
        return known.get();
    }
}
