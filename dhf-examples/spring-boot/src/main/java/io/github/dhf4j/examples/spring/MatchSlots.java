package io.github.dhf4j.examples.spring;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * How many requests match at once. A network call uses all cores, so more at once are no faster and take more memory: the others
 * wait, and are sent away when that takes too long.
 */
final class MatchSlots {
    private final int atOnce;
    private final Duration wait;
    private final Semaphore free;

    MatchSlots(int atOnce, Duration wait) {
        this.atOnce = atOnce;
        this.wait = wait;
        this.free = new Semaphore(atOnce, true);
    }

    /** What is answered with 503. */
    static final class Busy extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Busy(Duration wait) {
            super("all matchers are busy, waited " + wait.toSeconds() + " s; try again later");
        }
    }

    <T> T run(Supplier<T> work) throws InterruptedException {
        if (!free.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new Busy(wait);
        }
        try {
            return work.get();
        } finally {
            free.release();
        }
    }

    /** How many run now. */
    int running() {
        return atOnce - free.availablePermits();
    }
}
