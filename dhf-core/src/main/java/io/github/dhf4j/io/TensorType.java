package io.github.dhf4j.io;

import ai.djl.ndarray.types.DataType;

/** Element types that files may hold, by the names safetensors gives them. */
public enum TensorType {
    /** 64-bit float. */
    F64(8, DataType.FLOAT64),
    /** 32-bit float. */
    F32(4, DataType.FLOAT32),
    /** 16-bit IEEE float. */
    F16(2, DataType.FLOAT16),
    /** 16-bit brain float; widened to 32 bits when read. */
    BF16(2, DataType.FLOAT32),
    /** 64-bit integer. */
    I64(8, DataType.INT64),
    /** 32-bit integer. */
    I32(4, DataType.INT32),
    /** 16-bit integer; known, not read into tensors. */
    I16(2, DataType.UNKNOWN),
    /** 8-bit integer. */
    I8(1, DataType.INT8),
    /** 8-bit unsigned integer. */
    U8(1, DataType.UINT8),
    /** Truth values, a byte each. */
    BOOL(1, DataType.BOOLEAN);

    private final int bytes;
    private final DataType engineType;

    TensorType(int bytes, DataType engineType) {
        this.bytes = bytes;
        this.engineType = engineType;
    }

    /**
     * The width of an element.
     *
     * @return bytes
     */
    public int bytes() {
        return bytes;
    }

    /**
     * The engine's type that a tensor of this type is read into when no other is asked for.
     *
     * @return DJL's name; {@code UNKNOWN} where it cannot be read
     */
    public DataType engineType() {
        return engineType;
    }

    /**
     * Whether this is one of the floating point types.
     *
     * @return true for F64, F32, F16, BF16
     */
    public boolean isFloat() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }
}
