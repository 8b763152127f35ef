package io.github.dhf4j;

import ai.djl.modality.cv.Image;
import io.github.dhf4j.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;

/** Begins with an image in any form that a program has of it. */
abstract sealed class OfAnyImage permits Hyperfeatures.Images {
    /**
     * Begins with an image file.
     *
     * @param image PNG, JPEG, GIF, BMP or PPM
     * @return the image, not yet described
     * @throws IOException if it cannot be read as an image
     */
    public DescribedImage of(Path image) throws IOException {
        return of(RgbImage.read(image));
    }

    /**
     * Begins with an image file.
     *
     * @param image PNG, JPEG, GIF, BMP or PPM
     * @return the image, not yet described
     * @throws IOException if it cannot be read as an image
     */
    public DescribedImage of(File image) throws IOException {
        return of(RgbImage.read(image));
    }

    /**
     * Begins with an image by its URL: a file, a resource of the class path, on a web server.
     *
     * @param image as {@link RgbImage#read(URL)} takes it
     * @return the image, not yet described
     * @throws IOException if nothing is there, or it cannot be read as an image
     */
    public DescribedImage of(URL image) throws IOException {
        return of(RgbImage.read(image));
    }

    /**
     * Begins with an image by its URI.
     *
     * @param image as {@link RgbImage#read(URI)} takes it
     * @return the image, not yet described
     * @throws IOException if nothing is there, or it cannot be read as an image
     */
    public DescribedImage of(URI image) throws IOException {
        return of(RgbImage.read(image));
    }

    /**
     * Begins with a stream of an image file.
     *
     * @param image read to its end, not closed
     * @return the image, not yet described
     * @throws IOException if it cannot be read as an image
     */
    public DescribedImage of(InputStream image) throws IOException {
        return of(RgbImage.read(image));
    }

    /**
     * Begins with the bytes of an image file.
     *
     * @param image PNG, JPEG, GIF, BMP or PPM; not samples
     * @return the image, not yet described
     * @throws IOException if they cannot be read as an image
     */
    public DescribedImage of(byte[] image) throws IOException {
        return of(RgbImage.read(image));
    }

    /**
     * Begins with a buffered image.
     *
     * @param image of any type; copied
     * @return the image, not yet described
     */
    public DescribedImage of(BufferedImage image) {
        return of(RgbImage.of(image));
    }

    /**
     * Begins with a DJL image.
     *
     * @param image of any factory; copied, as {@link RgbImage#of(Image)} says
     * @return the image, not yet described
     */
    public DescribedImage of(Image image) {
        return of(RgbImage.of(image));
    }

    /**
     * Begins with pixels.
     *
     * @param image kept
     * @return the image, not yet described
     */
    public abstract DescribedImage of(RgbImage image);
}
