package io.github.dhf4j.io.hub;

import io.github.dhf4j.feature.RunMonitor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One holder a file, among threads and among processes of this library. Python's client takes another lock on the same
 * file (flock, where the JVM takes fcntl's), which on Linux do not see one another: both may fetch a blob at once then,
 * each into a file of its own name, and the later move replaces the same bytes.
 */
final class HubLock implements AutoCloseable {
    private static final ConcurrentHashMap<Path, Semaphore> THREADS = new ConcurrentHashMap<>();
    private static final long POLL_MILLIS = 50;

    private final Semaphore thread;
    private final FileChannel channel;
    private final @Nullable FileLock lock;

    private HubLock(Semaphore thread, FileChannel channel, @Nullable FileLock lock) {
        this.thread = thread;
        this.channel = channel;
        this.lock = lock;
    }

    /** Waits for the lock of a file whose folder is there; the file stays. */
    static HubLock take(Path file, RunMonitor monitor) throws IOException {
        Semaphore thread = THREADS.computeIfAbsent(file, path -> new Semaphore(1));
        while (true) {
            monitor.checkCancelled();
            try {
                if (thread.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                return new HubLock(thread, channel, lock(channel, monitor));
            } catch (RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            thread.release();
            throw e;
        }
    }

    private static @Nullable FileLock lock(FileChannel channel, RunMonitor monitor) {
        try {
            for (FileLock lock = channel.tryLock(); ; lock = channel.tryLock()) {
                if (lock != null) {
                    return lock;
                }
                monitor.checkCancelled();
                try {
                    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        } catch (IOException e) {
            monitor.checkCancelled();
            // a file system without locks
            return null;
        }
    }

    /** Whether no other process of this library can hold it too. */
    boolean isCertain() {
        return lock != null;
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            thread.release();
        }
    }
}
