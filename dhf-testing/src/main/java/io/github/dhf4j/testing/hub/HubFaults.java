package io.github.dhf4j.testing.hub;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What goes wrong at a {@link HubServer}; nothing at first. */
public final class HubFaults {
    /**
     * An answer instead of the right one.
     *
     * @param code HTTP status
     * @param headers beside it
     */
    public record Status(int code, Map<String, String> headers) {}

    private final Deque<Status> statuses = new ArrayDeque<>();
    private final Deque<Long> cuts = new ArrayDeque<>();
    private final Set<String> gated = ConcurrentHashMap.newKeySet();
    private volatile boolean ignoresRanges;
    private volatile boolean wrongContent;
    private volatile boolean hangs;
    private volatile long sizeOff;
    private volatile long microsBetween;

    HubFaults() {}

    /**
     * The hub's next answers are these.
     *
     * @param times how many
     * @param status HTTP status
     * @param headers beside it
     */
    public synchronized void answerWith(int times, int status, Map<String, String> headers) {
        for (int i = 0; i < times; i++) {
            statuses.add(new Status(status, headers));
        }
    }

    synchronized @Nullable Status nextStatus() {
        return statuses.poll();
    }

    /**
     * The next bodies end early.
     *
     * @param bytes of each how many are sent
     */
    public synchronized void cutAfter(long... bytes) {
        for (long each : bytes) {
            cuts.add(each);
        }
    }

    /** No further body ends early. */
    public synchronized void clearCuts() {
        cuts.clear();
    }

    synchronized long nextCut(long from) {
        Long cut = cuts.poll();
        return cut == null ? Long.MAX_VALUE : from + cut;
    }

    /**
     * Files may be asked about, not read.
     *
     * @param id of a repository
     */
    public void gate(String id) {
        gated.add(id);
    }

    boolean isGated(String id) {
        return gated.contains(id);
    }

    /** Ranges are answered with the whole. */
    public void ignoreRanges() {
        ignoresRanges = true;
    }

    boolean ignoresRanges() {
        return ignoresRanges;
    }

    /**
     * Bytes are others than the digest is of.
     *
     * @param wrong whether
     */
    public void wrongContent(boolean wrong) {
        wrongContent = wrong;
    }

    byte[] content(String path, byte[] bytes) {
        if (!wrongContent) {
            return bytes;
        }
        byte[] wrong = bytes.clone();
        wrong[wrong.length / 2] ^= 1;
        return wrong;
    }

    /**
     * Sizes are not the files'.
     *
     * @param bytes more than there are
     */
    public void sizeOff(long bytes) {
        sizeOff = bytes;
    }

    long sizeOff() {
        return sizeOff;
    }

    /**
     * Bodies are slow.
     *
     * @param micros between two chunks of 16 kB
     */
    public void slow(long micros) {
        microsBetween = micros;
    }

    void waitBetween() {
        pause(microsBetween);
    }

    /** Bodies that end early do not end, but send nothing any more. */
    public void hang() {
        hangs = true;
    }

    void hangAt(boolean early) {
        if (hangs && early) {
            pause(TimeUnit.SECONDS.toMicros(20));
        }
    }

    private static void pause(long micros) {
        if (micros > 0) {
            try {
                TimeUnit.MICROSECONDS.sleep(micros);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
