package io.github.dhf4j;

import ai.djl.modality.cv.Image;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.DescriptorOrigin;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.CorrespondenceMatcher;
import io.github.dhf4j.spi.Providers;
import io.github.dhf4j.tensor.OpenGuard;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The front door: {@code Hyperfeatures.of(image).match(other)}. An image is whatever a program has of one: a path, file,
 * URL, URI, stream, the bytes of a file, pixels of Java or DJL, or descriptors that were kept.
 *
 * {@snippet file="SnippetsTest.java" region="match"}
 *
 * <p>The static methods work on one default pipeline for the whole JVM, opened at first need: the checkpoint folder
 * that the system property {@code dhf.model} or the environment variable {@code DHF_MODEL} names, with the weights that
 * {@code dhf.weights} or {@code DHF_WEIGHTS} names or that lie in that folder; without these the small bundled one,
 * which is for trying and testing. {@link #using} takes any other.
 */
public final class Hyperfeatures {
    private static final Images DEFAULT =
            new Images(Hyperfeatures::useDefault, Hyperfeatures::defaultMatcher, RunMonitor.NONE);
    private static @Nullable CorrespondenceMatcher defaultMatcher;
    private static @Nullable DescriptorPipeline defaultPipeline;

    private Hyperfeatures() {}

    /**
     * Begins with an image file.
     *
     * @param image PNG, JPEG, GIF, BMP or PPM
     * @return the image, not yet described
     * @throws IOException if it cannot be read as an image
     */
    public static DescribedImage of(Path image) throws IOException {
        return DEFAULT.of(image);
    }

    /**
     * Begins with an image file.
     *
     * @param image PNG, JPEG, GIF, BMP or PPM
     * @return the image, not yet described
     * @throws IOException if it cannot be read as an image
     */
    public static DescribedImage of(File image) throws IOException {
        return DEFAULT.of(image);
    }

    /**
     * Begins with an image by its URL: a file, a resource of the class path, on a web server.
     *
     * @param image as {@link RgbImage#read(URL)} takes it
     * @return the image, not yet described
     * @throws IOException if nothing is there, or it cannot be read as an image
     */
    public static DescribedImage of(URL image) throws IOException {
        return DEFAULT.of(image);
    }

    /**
     * Begins with an image by its URI.
     *
     * @param image as {@link RgbImage#read(URI)} takes it
     * @return the image, not yet described
     * @throws IOException if nothing is there, or it cannot be read as an image
     */
    public static DescribedImage of(URI image) throws IOException {
        return DEFAULT.of(image);
    }

    /**
     * Begins with a stream of an image file.
     *
     * @param image read to its end, not closed
     * @return the image, not yet described
     * @throws IOException if it cannot be read as an image
     */
    public static DescribedImage of(InputStream image) throws IOException {
        return DEFAULT.of(image);
    }

    /**
     * Begins with the bytes of an image file.
     *
     * @param image PNG, JPEG, GIF, BMP or PPM; not samples
     * @return the image, not yet described
     * @throws IOException if they cannot be read as an image
     */
    public static DescribedImage of(byte[] image) throws IOException {
        return DEFAULT.of(image);
    }

    /**
     * Begins with a buffered image.
     *
     * @param image of any type; copied
     * @return the image, not yet described
     */
    public static DescribedImage of(BufferedImage image) {
        return DEFAULT.of(image);
    }

    /**
     * Begins with a DJL image.
     *
     * @param image of any factory; copied, as {@link RgbImage#of(Image)} says
     * @return the image, not yet described
     */
    public static DescribedImage of(Image image) {
        return DEFAULT.of(image);
    }

    /**
     * Begins with pixels.
     *
     * @param image kept
     * @return the image, not yet described
     */
    public static DescribedImage of(RgbImage image) {
        return DEFAULT.of(image);
    }

    /**
     * Begins with descriptors that were kept.
     *
     * @param descriptors of the same checkpoint and weights as what they will be matched with
     * @return the image, described
     */
    public static DescribedImage of(DescriptorMap descriptors) {
        return DEFAULT.of(descriptors);
    }

    /**
     * The same on a pipeline of your own, which is opened once for as many images as there are.
     *
     * @param pipeline borrowed; stays the caller's to close
     * @return where to begin with images
     */
    public static Images using(DescriptorPipeline pipeline) {
        return new Images(() -> new OpenPipeline(pipeline, pipeline.use()), pipeline::matcher, pipeline.monitor());
    }

    /**
     * {@link #using} by its other name, a keyword of Scala.
     *
     * @param pipeline borrowed; stays the caller's to close
     * @return where to begin with images
     */
    public static Images with(DescriptorPipeline pipeline) {
        return using(pipeline);
    }

    /**
     * Closes the default pipeline, if it was ever opened, and frees its memory as {@link DescriptorPipeline#close} does;
     * the next use opens it again.
     */
    public static void closeDefault() {
        DescriptorPipeline pipeline = takeDefault();
        if (pipeline != null) {
            // waits for what runs in it, which may need the lock: so without it
            pipeline.close();
        }
    }

    private static synchronized @Nullable DescriptorPipeline takeDefault() {
        DescriptorPipeline pipeline = defaultPipeline;
        defaultPipeline = null;
        return pipeline;
    }

    /** Entered under the lock, so that it is not closed between the look-up and the use. */
    private static synchronized OpenPipeline useDefault() {
        DescriptorPipeline pipeline = defaultPipeline;
        if (pipeline == null) {
            try {
                pipeline = DescriptorPipeline.builder().build();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            defaultPipeline = pipeline;
        }
        return new OpenPipeline(pipeline, pipeline.use());
    }

    /** A pipeline that stays open until this is closed. */
    record OpenPipeline(DescriptorPipeline pipeline, OpenGuard.Use use) implements AutoCloseable {
        List<DescriptorMap> describe(List<RgbImage> images) {
            return pipeline.describeInside(images);
        }

        List<DescriptorMap> describe(List<RgbImage> images, List<Size> sizes) {
            return pipeline.describeInside(images, sizes);
        }

        DescriptorOrigin origin() {
            return pipeline.origin();
        }

        @Override
        public void close() {
            use.close();
        }
    }

    /** Looked up once, and without opening the pipeline: kept descriptors need no network. */
    private static synchronized CorrespondenceMatcher defaultMatcher() {
        CorrespondenceMatcher matcher = defaultMatcher;
        if (matcher == null) {
            matcher = Providers.find(CorrespondenceMatcher.class, "dhf-core");
            defaultMatcher = matcher;
        }
        return matcher;
    }

    /** Makes images of one pipeline. */
    public static final class Images extends OfAnyImage {
        private final Supplier<OpenPipeline> pipeline;
        private final Supplier<CorrespondenceMatcher> matcher;
        private final RunMonitor monitor;

        private Images(Supplier<OpenPipeline> pipeline, Supplier<CorrespondenceMatcher> matcher, RunMonitor monitor) {
            this.pipeline = pipeline;
            this.matcher = matcher;
            this.monitor = monitor;
        }

        @Override
        public DescribedImage of(RgbImage image) {
            return new DescribedImage(this, image);
        }

        /**
         * Begins with descriptors that were kept.
         *
         * @param descriptors of the same checkpoint and weights as what they will be matched with
         * @return the image, described
         */
        public DescribedImage of(DescriptorMap descriptors) {
            return new DescribedImage(this, descriptors);
        }

        /**
         * Describes many image files, as {@link DescriptorPipeline#describeAll(Stream)} does.
         *
         * @param files in the order of the results; borrowed, and taken on another thread until the result is closed
         * @return a result a file, whose map {@link #of(DescriptorMap)} takes; the caller closes it
         */
        public Descriptions<Path> describeAll(Stream<Path> files) {
            return describeAll(files.iterator(), RgbImage::read, 1);
        }

        /**
         * Describes many images of any form, as {@link DescriptorPipeline#describeAll(Iterator, SourceReader, int)} does.
         *
         * @param sources in the order of the results; borrowed, and taken on another thread until the result is closed
         * @param reader makes an image of each, on that thread
         * @param batch how many images go through the network at once
         * @param <S> what there is of an image before it is one
         * @return a result a source; the caller closes it
         * @throws IllegalArgumentException if the batch is less than 1
         */
        public <S> Descriptions<S> describeAll(
                Iterator<? extends S> sources, SourceReader<? super S> reader, int batch) {
            return new Descriptions<>(sources, reader, batch, pipeline, monitor);
        }

        /** Keeps the pipeline open until the result is closed. */
        OpenPipeline open() {
            return pipeline.get();
        }

        CorrespondenceMatcher matcher() {
            return matcher.get();
        }
    }
}
