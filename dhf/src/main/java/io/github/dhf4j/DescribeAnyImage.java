package io.github.dhf4j;

import ai.djl.modality.cv.Image;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Describes an image in any form that a program has of it. */
abstract sealed class DescribeAnyImage permits DescriptorPipeline {
    /**
     * Describes an image file.
     *
     * @param image PNG, JPEG, GIF, BMP or PPM
     * @return its map
     * @throws IOException if it cannot be read as an image
     */
    public DescriptorMap describe(Path image) throws IOException {
        return describe(RgbImage.read(image));
    }

    /**
     * Describes an image file.
     *
     * @param image PNG, JPEG, GIF, BMP or PPM
     * @return its map
     * @throws IOException if it cannot be read as an image
     */
    public DescriptorMap describe(File image) throws IOException {
        return describe(RgbImage.read(image));
    }

    /**
     * Describes an image by its URL: a file, a resource of the class path, on a web server.
     *
     * @param image as {@link RgbImage#read(URL)} takes it
     * @return its map
     * @throws IOException if nothing is there, or it cannot be read as an image
     */
    public DescriptorMap describe(URL image) throws IOException {
        return describe(RgbImage.read(image));
    }

    /**
     * Describes an image by its URI.
     *
     * @param image as {@link RgbImage#read(URI)} takes it
     * @return its map
     * @throws IOException if nothing is there, or it cannot be read as an image
     */
    public DescriptorMap describe(URI image) throws IOException {
        return describe(RgbImage.read(image));
    }

    /**
     * Describes a stream of an image file.
     *
     * @param image read to its end, not closed
     * @return its map
     * @throws IOException if it cannot be read as an image
     */
    public DescriptorMap describe(InputStream image) throws IOException {
        return describe(RgbImage.read(image));
    }

    /**
     * Describes the bytes of an image file.
     *
     * @param image PNG, JPEG, GIF, BMP or PPM; not samples
     * @return its map
     * @throws IOException if they cannot be read as an image
     */
    public DescriptorMap describe(byte[] image) throws IOException {
        return describe(RgbImage.read(image));
    }

    /**
     * Describes a buffered image.
     *
     * @param image of any type; copied
     * @return its map
     */
    public DescriptorMap describe(BufferedImage image) {
        return describe(RgbImage.of(image));
    }

    /**
     * Describes a DJL image.
     *
     * @param image of any factory; copied, as {@link RgbImage#of(Image)} says
     * @return its map
     */
    public DescriptorMap describe(Image image) {
        return describe(RgbImage.of(image));
    }

    /**
     * Describes one image. Several at once ({@link #describe(List)}) take less time than one after the other.
     *
     * @param image pixels
     * @return its map
     * @throws java.util.concurrent.CancellationException if the monitor cancels
     * @throws IllegalStateException if the pipeline was closed
     */
    public DescriptorMap describe(RgbImage image) {
        return describe(List.of(image)).get(0);
    }

    /**
     * Describes images, all as one batch.
     *
     * @param images one or more, of any sizes
     * @return one map an image
     * @throws java.util.concurrent.CancellationException if the monitor cancels
     * @throws IllegalStateException if the pipeline was closed
     */
    public abstract List<DescriptorMap> describe(List<RgbImage> images);

    /**
     * Describes many image files, each when its result is asked for, one after the other; the next ones are decoded while
     * the network runs.
     *
     * @param files in the order of the results; borrowed, and taken on another thread until the result is closed
     * @return a result a file; the caller closes it
     */
    public Descriptions<Path> describeAll(Stream<Path> files) {
        return describeAll(files.iterator(), RgbImage::read, 1);
    }

    /**
     * Describes many images of any form. Maps do not depend on the batch but for rounding.
     *
     * @param sources in the order of the results; borrowed, and taken on another thread until the result is closed
     * @param reader makes an image of each, on that thread
     * @param batch how many images, of any sizes, go through the network at once, bad ones counted;
     *     memory grows with it
     * @param <S> what there is of an image before it is one
     * @return a result a source; the caller closes it
     * @throws IllegalArgumentException if the batch is less than 1
     */
    public abstract <S> Descriptions<S> describeAll(
            Iterator<? extends S> sources, SourceReader<? super S> reader, int batch);
}
