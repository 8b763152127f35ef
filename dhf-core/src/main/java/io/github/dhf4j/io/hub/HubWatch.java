package io.github.dhf4j.io.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Closes a body that a thread reads once nothing comes any more or it is not wanted any more: a read cannot time out. */
final class HubWatch implements AutoCloseable {
    private static final long POLL_MILLIS = 50;

    private final InputStream body;
    private final long silence;
    private final BooleanSupplier cancelled;
    private final Thread thread = new Thread(this::run, "dhf-hub-watch");
    private volatile long heard = System.nanoTime();
    private volatile boolean silent;
    private volatile boolean over;

    HubWatch(InputStream body, Duration silence, BooleanSupplier cancelled) {
        this.body = body;
        this.silence = silence.toNanos();
        this.cancelled = cancelled;
        thread.setDaemon(true);
        thread.start();
    }

    void heard() {
        heard = System.nanoTime();
    }

    boolean isSilent() {
        return silent;
    }

    private void run() {
        while (!over) {
            boolean late = System.nanoTime() - heard > silence;
            if (late || cancelled.getAsBoolean()) {
                silent = late;
                try {
                    body.close();
                } catch (IOException e) {
                    // whoever reads hears of it
                }
                return;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        over = true;
        thread.interrupt();
    }
}
