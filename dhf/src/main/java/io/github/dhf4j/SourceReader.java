package io.github.dhf4j;

import io.github.dhf4j.image.RgbImage;
import java.io.IOException;

/**
 * Gets an image of a source, such as {@code RgbImage::read} of a path or an address, or {@code picture -> picture}.
 *
 * @param <S> what there is of an image before it is one
 */
@FunctionalInterface
public interface SourceReader<S> {
    /**
     * Reads or makes the image. Called on the thread that reads ahead, one source after the other.
     *
     * @param source one of many
     * @return its picture
     * @throws IOException if there is none; this and any {@link RuntimeException} but
     *     {@link java.util.concurrent.CancellationException} are said of that source only, and the others go on
     */
    RgbImage read(S source) throws IOException;
}
