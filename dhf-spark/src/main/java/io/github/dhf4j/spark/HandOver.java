package io.github.dhf4j.spark;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Hands sources from a task's thread to the one that reads ahead: what Spark gives a task is to be taken on the task's own
 * thread.
 */
final class HandOver<T> implements Iterator<T> {
    private final BlockingQueue<Optional<T>> queue = new LinkedBlockingQueue<>();
    private Optional<T> next = Optional.empty();
    private boolean ended;

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
        if (next.isEmpty() && !ended) {
            try {
                next = queue.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("the run was cancelled");
            }
            ended = next.isEmpty();
        }
        return next.isPresent();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no source is left");
        }
        T taken = next.orElseThrow();
        next = Optional.empty();
        return taken;
    }
}
