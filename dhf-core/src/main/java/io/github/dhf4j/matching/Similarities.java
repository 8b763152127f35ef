package io.github.dhf4j.matching;

import org.jspecify.annotations.Nullable;

/**
 * How similar one descriptor is to every pixel of a target: by cosines, or by products where descriptors are compared by those.
 * Borrowed for a call; the array is used again for the next descriptor.
 *
 * @param values what places are searched by, row by row
 * @param length of the descriptor, by which {@code values} over it and {@code lengths} are cosines; 1 where they are already
 * @param lengths of the target's descriptors, null where {@code values} are cosines
 */
record Similarities(float[] values, float length, @Nullable CellLengths lengths) {

    /** The pixel that is the most similar, first of equals. */
    int best() {
        return CosineMatcher.argMax(values);
    }

    float cosine(int at) {
        return lengths == null ? values[at] : values[at] / (length * lengths.of(at));
    }

    /** All of them; {@link #values} itself where these are cosines. */
    float[] cosines() {
        if (lengths == null) {
            return values;
        }
        lengths.measureAll();
        float[] cosines = new float[values.length];
        for (int i = 0; i < cosines.length; i++) {
            cosines[i] = cosine(i);
        }
        return cosines;
    }
}
