package io.github.dhf4j;

import ai.djl.modality.cv.Image;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.Point;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;

/** Matches an image with another in any form that a program has of it. */
abstract sealed class MatchAnyImage permits DescribedImage {
    final Hyperfeatures.Images images;

    MatchAnyImage(Hyperfeatures.Images images) {
        this.images = images;
    }

    /**
     * Matches with an image file, as {@link #match(DescribedImage)}.
     *
     * @param other PNG, JPEG, GIF, BMP or PPM
     * @return correspondences in both images' own pixels, row by row
     * @throws IOException if it cannot be read as an image
     */
    public List<Correspondence> match(Path other) throws IOException {
        return match(images.of(other));
    }

    /**
     * Matches with an image file, as {@link #match(DescribedImage)}.
     *
     * @param other PNG, JPEG, GIF, BMP or PPM
     * @return correspondences in both images' own pixels, row by row
     * @throws IOException if it cannot be read as an image
     */
    public List<Correspondence> match(File other) throws IOException {
        return match(images.of(other));
    }

    /**
     * Matches with an image by its URL: a file, a resource of the class path, on a web server, as {@link #match(DescribedImage)}.
     *
     * @param other as {@link RgbImage#read(URL)} takes it
     * @return correspondences in both images' own pixels, row by row
     * @throws IOException if nothing is there, or it cannot be read as an image
     */
    public List<Correspondence> match(URL other) throws IOException {
        return match(images.of(other));
    }

    /**
     * Matches with an image by its URI, as {@link #match(DescribedImage)}.
     *
     * @param other as {@link RgbImage#read(URI)} takes it
     * @return correspondences in both images' own pixels, row by row
     * @throws IOException if nothing is there, or it cannot be read as an image
     */
    public List<Correspondence> match(URI other) throws IOException {
        return match(images.of(other));
    }

    /**
     * Matches with a stream of an image file, as {@link #match(DescribedImage)}.
     *
     * @param other read to its end, not closed
     * @return correspondences in both images' own pixels, row by row
     * @throws IOException if it cannot be read as an image
     */
    public List<Correspondence> match(InputStream other) throws IOException {
        return match(images.of(other));
    }

    /**
     * Matches with the bytes of an image file, as {@link #match(DescribedImage)}.
     *
     * @param other PNG, JPEG, GIF, BMP or PPM; not samples
     * @return correspondences in both images' own pixels, row by row
     * @throws IOException if they cannot be read as an image
     */
    public List<Correspondence> match(byte[] other) throws IOException {
        return match(images.of(other));
    }

    /**
     * Matches with a buffered image, as {@link #match(DescribedImage)}.
     *
     * @param other of any type; copied
     * @return correspondences in both images' own pixels, row by row
     */
    public List<Correspondence> match(BufferedImage other) {
        return match(images.of(other));
    }

    /**
     * Matches with a DJL image, as {@link #match(DescribedImage)}.
     *
     * @param other of any factory; copied, as {@link RgbImage#of(Image)} says
     * @return correspondences in both images' own pixels, row by row
     */
    public List<Correspondence> match(Image other) {
        return match(images.of(other));
    }

    /**
     * Matches with pixels, as {@link #match(DescribedImage)}.
     *
     * @param other kept
     * @return correspondences in both images' own pixels, row by row
     */
    public List<Correspondence> match(RgbImage other) {
        return match(images.of(other));
    }

    /**
     * Matches with descriptors that were kept, as {@link #match(DescribedImage)}.
     *
     * @param other of the same checkpoint and weights
     * @return correspondences in both images' own pixels, row by row
     */
    public List<Correspondence> match(DescriptorMap other) {
        return match(images.of(other));
    }

    /**
     * Matches with another image: mutual nearest neighbours of all cells of both maps.
     *
     * @param other the other image
     * @return correspondences in both images' own pixels, row by row
     */
    public abstract List<Correspondence> match(DescribedImage other);

    /**
     * Finds points of this image in an image file, as {@link #match(DescribedImage, List)}.
     *
     * @param other PNG, JPEG, GIF, BMP or PPM
     * @param points in pixels of this image
     * @return a correspondence for each point, in order
     * @throws IOException if it cannot be read as an image
     */
    public List<Correspondence> match(Path other, List<Point> points) throws IOException {
        return match(images.of(other), points);
    }

    /**
     * Finds points of this image in an image file, as {@link #match(DescribedImage, List)}.
     *
     * @param other PNG, JPEG, GIF, BMP or PPM
     * @param points in pixels of this image
     * @return a correspondence for each point, in order
     * @throws IOException if it cannot be read as an image
     */
    public List<Correspondence> match(File other, List<Point> points) throws IOException {
        return match(images.of(other), points);
    }

    /**
     * Finds points of this image in an image by its URL: a file, a resource of the class path, on a web server, as {@link #match(DescribedImage, List)}.
     *
     * @param other as {@link RgbImage#read(URL)} takes it
     * @param points in pixels of this image
     * @return a correspondence for each point, in order
     * @throws IOException if nothing is there, or it cannot be read as an image
     */
    public List<Correspondence> match(URL other, List<Point> points) throws IOException {
        return match(images.of(other), points);
    }

    /**
     * Finds points of this image in an image by its URI, as {@link #match(DescribedImage, List)}.
     *
     * @param other as {@link RgbImage#read(URI)} takes it
     * @param points in pixels of this image
     * @return a correspondence for each point, in order
     * @throws IOException if nothing is there, or it cannot be read as an image
     */
    public List<Correspondence> match(URI other, List<Point> points) throws IOException {
        return match(images.of(other), points);
    }

    /**
     * Finds points of this image in a stream of an image file, as {@link #match(DescribedImage, List)}.
     *
     * @param other read to its end, not closed
     * @param points in pixels of this image
     * @return a correspondence for each point, in order
     * @throws IOException if it cannot be read as an image
     */
    public List<Correspondence> match(InputStream other, List<Point> points) throws IOException {
        return match(images.of(other), points);
    }

    /**
     * Finds points of this image in the bytes of an image file, as {@link #match(DescribedImage, List)}.
     *
     * @param other PNG, JPEG, GIF, BMP or PPM; not samples
     * @param points in pixels of this image
     * @return a correspondence for each point, in order
     * @throws IOException if they cannot be read as an image
     */
    public List<Correspondence> match(byte[] other, List<Point> points) throws IOException {
        return match(images.of(other), points);
    }

    /**
     * Finds points of this image in a buffered image, as {@link #match(DescribedImage, List)}.
     *
     * @param other of any type; copied
     * @param points in pixels of this image
     * @return a correspondence for each point, in order
     */
    public List<Correspondence> match(BufferedImage other, List<Point> points) {
        return match(images.of(other), points);
    }

    /**
     * Finds points of this image in a DJL image, as {@link #match(DescribedImage, List)}.
     *
     * @param other of any factory; copied, as {@link RgbImage#of(Image)} says
     * @param points in pixels of this image
     * @return a correspondence for each point, in order
     */
    public List<Correspondence> match(Image other, List<Point> points) {
        return match(images.of(other), points);
    }

    /**
     * Finds points of this image in pixels, as {@link #match(DescribedImage, List)}.
     *
     * @param other kept
     * @param points in pixels of this image
     * @return a correspondence for each point, in order
     */
    public List<Correspondence> match(RgbImage other, List<Point> points) {
        return match(images.of(other), points);
    }

    /**
     * Finds points of this image in descriptors that were kept, as {@link #match(DescribedImage, List)}.
     *
     * @param other of the same checkpoint and weights
     * @param points in pixels of this image
     * @return a correspondence for each point, in order
     */
    public List<Correspondence> match(DescriptorMap other, List<Point> points) {
        return match(images.of(other), points);
    }

    /**
     * Finds where points of this image are in another: for each its nearest neighbour.
     *
     * @param other the other image
     * @param points in pixels of this image
     * @return a correspondence for each point, in order
     */
    public abstract List<Correspondence> match(DescribedImage other, List<Point> points);
}
