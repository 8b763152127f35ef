package io.github.dhf4j.io;

import java.util.Arrays;

/**
 * What a file says of one tensor.
 *
 * @param name the tensor's name, a dotted key in checkpoints
 * @param type element type on disk
 * @param dimensions the shape, outermost first; empty for a scalar
 */
public record TensorInfo(String name, TensorType type, long... dimensions) {
    /**
     * Copies the dimensions.
     *
     * @param name as above
     * @param type as above
     * @param dimensions as above
     */
    public TensorInfo {
        dimensions = dimensions.clone();
    }

    /**
     * The shape, outermost first.
     *
     * @return a copy
     */
    @Override
    public long[] dimensions() {
        return dimensions.clone();
    }

    /**
     * The number of elements.
     *
     * @return product of the dimensions, 1 for a scalar
     */
    public long elements() {
        return Arrays.stream(dimensions).reduce(1, Math::multiplyExact);
    }

    /**
     * The size of the data.
     *
     * @return bytes
     */
    public long bytes() {
        return Math.multiplyExact(elements(), type.bytes());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorInfo that
                && name.equals(that.name)
                && type == that.type
                && Arrays.equals(dimensions, that.dimensions);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(dimensions);
    }

    @Override
    public String toString() {
        return Texts.shown(name) + " " + type
                + Texts.shown(Arrays.stream(dimensions).boxed().toList());
    }
}
