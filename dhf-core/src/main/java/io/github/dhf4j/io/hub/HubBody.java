package io.github.dhf4j.io.hub;

import io.github.dhf4j.feature.RunMonitor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an answer as they come. Waiting for them ends with a cancel, an interrupt or a silence, which the JDK's own
 * stream of a body knows nothing of.
 */
final class HubBody implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
    private static final int AHEAD = 8;
    private static final long POLL_MILLIS = 50;

    /** Bytes, a failure, or with neither the end. */
    private record Event(
            @Nullable List<ByteBuffer> bytes, @Nullable Throwable failure) {}

    /** Nothing came for too long. */
    static final class SilenceException extends IOException {
        private static final long serialVersionUID = 1;

        SilenceException() {
            super("silence");
        }
    }

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private Flow.@Nullable Subscription subscription;
    private boolean closed;

    @Override
    public synchronized void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (closed) {
            given.cancel();
        } else {
            given.request(AHEAD);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        events.add(new Event(bytes, null));
    }

    @Override
    public void onError(Throwable failure) {
        events.add(new Event(null, failure));
    }

    @Override
    public void onComplete() {
        events.add(new Event(null, null));
    }

    /** Waits for the next bytes; null at the end. */
    @Nullable
    List<ByteBuffer> next(RunMonitor monitor, Duration silence) throws IOException {
        long began = System.nanoTime();
        while (true) {
            monitor.checkCancelled();
            Event event = poll();
            if (event == null) {
                if (System.nanoTime() - began > silence.toNanos()) {
                    throw new SilenceException();
                }
                continue;
            }
            Throwable failure = event.failure();
            if (failure != null) {
                throw failure instanceof IOException io ? io : new IOException(failure);
            }
            if (event.bytes() != null) {
                request();
            }
            return event.bytes();
        }
    }

    private @Nullable Event poll() {
        try {
            return events.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private synchronized void request() {
        if (subscription != null) {
            subscription.request(1);
        }
    }

    /** All of it, as far as so many bytes. */
    byte[] read(int most, RunMonitor monitor, Duration silence) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (List<ByteBuffer> bytes = next(monitor, silence);
                bytes != null && all.size() < most;
                bytes = next(monitor, silence)) {
            for (ByteBuffer each : bytes) {
                byte[] copy = new byte[each.remaining()];
                each.get(copy);
                all.writeBytes(copy);
            }
        }
        return all.toByteArray();
    }

    /** Drops what is still to come. */
    @Override
    public synchronized void close() {
        closed = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
