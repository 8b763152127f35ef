package io.github.dhf4j;

import io.github.dhf4j.Hyperfeatures.OpenPipeline;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import java.io.IOException;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One thread that takes sources, reads them and resizes their images, as far ahead as there is room. */
final class ReadAhead<S> implements AutoCloseable {
    /** What comes out, in order; an {@link End} is last. */
    sealed interface Item<S> permits Ready, Bad, End {}

    /** An image as the network wants it, and the size that it had. */
    record Ready<S>(S source, RgbImage resized, Size size) implements Item<S> {}

    /** A source that could not be read. */
    record Bad<S>(S source, Exception error) implements Item<S> {}

    /** There is no more, or there would be if this had not happened. */
    record End<S>(@Nullable Throwable failure) implements Item<S> {}

    private final Iterator<? extends S> sources;
    private final SourceReader<? super S> reader;
    private final Supplier<OpenPipeline> pipeline;
    private final Semaphore room;
    private final BlockingQueue<Item<S>> items = new LinkedBlockingQueue<>();
    /** A reader may take its interruption for a bad image and clear it. */
    private volatile boolean closed;

    private final Thread thread = new Thread(this::run, "dhf-read-ahead");

    /** Begins at once; {@code room} is how many images there may be before {@link #leave} is called. */
    ReadAhead(
            Iterator<? extends S> sources, SourceReader<? super S> reader, Supplier<OpenPipeline> pipeline, int room) {
        this.sources = sources;
        this.reader = reader;
        this.pipeline = pipeline;
        this.room = new Semaphore(room);
        thread.setDaemon(true);
        thread.start();
    }

    /** The next one, or null if none comes within a tenth of a second. */
    @Nullable
    Item<S> poll() throws InterruptedException {
        return items.poll(100, TimeUnit.MILLISECONDS);
    }

    /** Says that as many items are not held any more. */
    void leave(int count) {
        room.release(count);
    }

    private void run() {
        Throwable failure = null;
        try {
            room.acquire();
            while (!closed && sources.hasNext()) {
                items.add(read(Objects.requireNonNull(sources.next(), "a source must not be null")));
                room.acquire();
            }
        } catch (InterruptedException e) {
            failure = new CancellationException("the run was cancelled");
        } catch (Throwable e) {
            failure = e;
        }
        items.add(new End<>(failure));
    }

    private Item<S> read(S source) {
        RgbImage image;
        try {
            image = Objects.requireNonNull(reader.read(source), "a reader must give an image, got null");
        } catch (CancellationException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            return new Bad<>(source, e);
        }
        try (OpenPipeline open = pipeline.get()) {
            return new Ready<>(source, open.pipeline().extractor().resized(image), image.size());
        }
    }

    /** Interrupts what is read and waits until the thread has ended. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            thread.interrupt();
            try {
                thread.join(100);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        items.clear();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
