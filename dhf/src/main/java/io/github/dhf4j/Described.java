package io.github.dhf4j;

import io.github.dhf4j.feature.DescriptorMap;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What became of one of many images: its map, or why there is none.
 *
 * @param source what was given
 * @param map its descriptors; null where it could not be read
 * @param error what its {@link SourceReader} threw; null where there is a map
 * @param <S> what images were given as
 */
public record Described<S>(
        S source, @Nullable DescriptorMap map, @Nullable Exception error) {
    /**
     * Requires one of both.
     *
     * @param source what was given
     * @param map its descriptors, or null
     * @param error why there are none, or null
     */
    public Described {
        if ((map == null) == (error == null)) {
            throw new IllegalArgumentException("one of map and error must be given, got " + map + " and " + error);
        }
    }

    /**
     * The map, for who takes a bad image for a failure.
     *
     * @return the descriptors
     * @throws IOException if the image could not be read
     */
    public DescriptorMap orThrow() throws IOException {
        if (map == null) {
            throw error instanceof IOException e ? e : new IOException(String.valueOf(error), error);
        }
        return map;
    }
}
