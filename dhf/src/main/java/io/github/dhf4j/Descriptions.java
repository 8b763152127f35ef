package io.github.dhf4j;

import io.github.dhf4j.Hyperfeatures.OpenPipeline;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors of many images, one result a source, in the order of the sources, each made when it is asked for. Of
 * {@link DescriptorPipeline#describeAll}.
 *
 * {@snippet file="SnippetsTest.java" region="many"}
 *
 * <p><b>Memory.</b> With batches of B at most 2 B images are held at a time, those in the network among them, one of them
 * being decoded and the others resized to the network's load size (0.8 MB at 512 x 512), and at most B results wait to be
 * taken. Sources are taken that far ahead and no further, so there may be any number of them.
 *
 * <p><b>Threads.</b> The network runs in {@link #next}, on the caller's thread. Sources are taken, read and resized on one
 * thread of its own, which begins at the first call and has ended when this is closed, exhausted or failed. Not for
 * several threads at a time.
 *
 * <p><b>Errors.</b> An image that cannot be read is a result with its error. What else fails is thrown by {@link #hasNext}
 * or {@link #next} after the results before it, or, of the network, in place of its batch, and closes this: what the
 * iterator of sources throws, an {@link OutOfMemoryError}, {@link io.github.dhf4j.tensor.DhfException} of the engine,
 * {@link IllegalStateException} if the pipeline was closed, {@link CancellationException} if the pipeline's monitor
 * cancels or the thread is interrupted (it stays so).
 *
 * @param <S> what images are given as
 */
public final class Descriptions<S> implements Iterator<Described<S>>, AutoCloseable {
    private final Iterator<? extends S> sources;
    private final SourceReader<? super S> reader;
    private final int batch;
    private final Supplier<OpenPipeline> pipeline;
    private final RunMonitor monitor;

    private final List<ReadAhead.Item<S>> read = new ArrayList<>();
    private final Queue<Described<S>> results = new ArrayDeque<>();
    private @Nullable ReadAhead<S> ahead;
    private ReadAhead.@Nullable End<S> end;

    Descriptions(
            Iterator<? extends S> sources,
            SourceReader<? super S> reader,
            int batch,
            Supplier<OpenPipeline> pipeline,
            RunMonitor monitor) {
        if (batch < 1) {
            throw new IllegalArgumentException("batch must be 1 image or more, got " + batch);
        }
        this.sources = sources;
        this.reader = reader;
        this.batch = batch;
        this.pipeline = pipeline;
        this.monitor = monitor;
    }

    /**
     * Whether there is another source; waits for it to be read. Runs no network.
     *
     * @return false after the last and after {@link #close}
     */
    @Override
    public boolean hasNext() {
        if (!results.isEmpty() || !read.isEmpty()) {
            return true;
        }
        try {
            fill();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
        if (read.isEmpty()) {
            Throwable failure = end == null ? null : end.failure();
            close();
            rethrow(failure);
        }
        return !read.isEmpty();
    }

    /**
     * The next result; describes a batch where none is left of the one before.
     *
     * @return a map, or the error of an image that could not be read
     * @throws NoSuchElementException if there is no other source, or this was closed
     */
    @Override
    public Described<S> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no image is left");
        }
        if (results.isEmpty()) {
            try {
                describe();
            } catch (RuntimeException | Error e) {
                close();
                throw e;
            }
        }
        return results.remove();
    }

    /**
     * The same as a sequential stream.
     *
     * @return what is left, once; closing it closes this
     */
    public Stream<Described<S>> stream() {
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(this::close);
    }

    /**
     * Ends the thread that reads, interrupting it and waiting for it, and drops what was read and described and not taken.
     * Sources are not touched after that; the pipeline stays open. Closing again does nothing.
     */
    @Override
    public void close() {
        end = new ReadAhead.End<>(null);
        if (ahead != null) {
            ahead.close();
            ahead = null;
        }
        read.clear();
        results.clear();
    }

    /** Waits for a batch, or what is left. */
    private void fill() {
        while (end == null && read.size() < batch) {
            monitor.checkCancelled();
            if (ahead == null) {
                ahead = new ReadAhead<>(sources, reader, pipeline, 2 * batch);
            }
            ReadAhead.Item<S> item;
            try {
                item = ahead.poll();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("the run was cancelled");
            }
            if (item instanceof ReadAhead.End<S> last) {
                end = last;
            } else if (item != null) {
                read.add(item);
            }
        }
    }

    private void describe() {
        monitor.checkCancelled();
        List<RgbImage> images = new ArrayList<>();
        List<Size> sizes = new ArrayList<>();
        for (ReadAhead.Item<S> item : read) {
            if (item instanceof ReadAhead.Ready<S> ready) {
                images.add(ready.resized());
                sizes.add(ready.size());
            }
        }
        Iterator<DescriptorMap> maps = List.<DescriptorMap>of().iterator();
        if (!images.isEmpty()) {
            try (OpenPipeline open = pipeline.get()) {
                maps = open.describe(images, sizes).iterator();
            }
        }
        for (ReadAhead.Item<S> item : read) {
            if (item instanceof ReadAhead.Ready<S> ready) {
                results.add(new Described<>(ready.source(), maps.next(), null));
            } else if (item instanceof ReadAhead.Bad<S> bad) {
                results.add(new Described<>(bad.source(), null, bad.error()));
            }
        }
        if (ahead != null) {
            ahead.leave(read.size());
        }
        read.clear();
    }

    private static void rethrow(@Nullable Throwable failure) {
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        if (failure != null) {
            throw new UndeclaredThrowableException(failure);
        }
    }
}
