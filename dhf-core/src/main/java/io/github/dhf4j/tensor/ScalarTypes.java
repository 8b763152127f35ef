package io.github.dhf4j.tensor;

import ai.djl.ndarray.types.DataType;

/**
 * The numbers by which scripts know types. DJL's own calls stop the JVM where they meet bfloat16, so that arrays of it are
 * made and changed by scripts alone, and DJL calls their type unknown.
 */
public final class ScalarTypes {
    private ScalarTypes() {}

    /**
     * The engine's number of a type that networks run in.
     *
     * @param type {@code FLOAT32}, {@code FLOAT16} or {@code BFLOAT16}
     * @return what {@code torch.to} takes
     */
    public static int code(DataType type) {
        return switch (type) {
            case FLOAT32 -> 6;
            case FLOAT16 -> 5;
            case BFLOAT16 -> 15;
            default -> throw new IllegalArgumentException("networks run in float32, float16 or bfloat16, got " + type);
        };
    }
}
