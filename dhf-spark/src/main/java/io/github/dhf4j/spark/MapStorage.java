package io.github.dhf4j.spark;

import io.github.dhf4j.feature.DescriptorMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the numbers of a map are kept: little-endian, (D, H, W), channel by channel as {@link DescriptorMap#values} has
 * them. In half precision and in int8 each cell has a scale, (H, W) float32, by which its numbers are to be multiplied:
 *
 * <pre>{@code
 * numpy.frombuffer(values, '<f2').astype('f4').reshape(D, H, W) * numpy.frombuffer(scales, '<f4').reshape(H, W)
 * }</pre>
 */
public enum MapStorage {
    /** As they are: 4 bytes a number, no scales. */
    FLOAT32(4),

    /**
     * Half precision: 2 bytes a number. The scale is a power of two that brings the cell's largest number to between 0.5
     * and 1, so that none overflows; each number is kept to 2<sup>-11</sup> of itself, or to 2<sup>-25</sup> of the
     * scale where that is more.
     */
    FLOAT16(2),

    /** 1 byte a number. The scale is the cell's largest number over 127; each number is kept to half of that. */
    INT8(1);

    private final int bytes;

    MapStorage(int bytes) {
        this.bytes = bytes;
    }

    /**
     * The storage of a name.
     *
     * @param word {@code float32}, {@code float16} or {@code int8}, in any case
     * @return the storage
     * @throws IllegalArgumentException naming those there are
     */
    public static MapStorage of(String word) {
        for (MapStorage each : values()) {
            if (each.word().equals(word.toLowerCase(Locale.ROOT))) {
                return each;
            }
        }
        throw new IllegalArgumentException("storage must be float32, float16 or int8, got '" + word + "'; name one");
    }

    /**
     * Its name in rows.
     *
     * @return {@code float32}, {@code float16} or {@code int8}
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is kept of a map; without scales where none are needed. */
    record Stored(byte[] values, byte @Nullable [] scales) {}

    /** Keeps a map's numbers. */
    Stored store(DescriptorMap map) {
        float[] values = map.values();
        int cells = map.size().width() * map.size().height();
        byte[] numbers = new byte[values.length * bytes];
        ByteBuffer out = wrap(numbers);
        if (this == FLOAT32) {
            out.asFloatBuffer().put(values);
            return new Stored(numbers, null);
        }
        float[] scales = largest(values, cells);
        for (int i = 0; i < cells; i++) {
            scales[i] = scale(scales[i]);
        }
        for (int i = 0; i < values.length; i++) {
            float scale = scales[i % cells];
            float scaled = scale == 0 ? 0 : values[i] / scale;
            if (this == FLOAT16) {
                out.putShort(HalfFloats.bits(scaled));
            } else {
                out.put((byte) Math.max(-127, Math.min(127, Math.rint(scaled))));
            }
        }
        byte[] kept = new byte[cells * Float.BYTES];
        wrap(kept).asFloatBuffer().put(scales);
        return new Stored(numbers, kept);
    }

    /** Reads numbers back. */
    float[] read(byte[] kept, byte @Nullable [] keptScales, int channels, int cells, String where) throws IOException {
        int scalesBytes = keptScales == null ? 0 : keptScales.length;
        if (kept.length != (long) channels * cells * bytes || (this != FLOAT32 && scalesBytes != cells * Float.BYTES)) {
            throw new IOException("row must hold " + channels + " x " + cells + " numbers in " + word() + ", got "
                    + kept.length + " bytes with " + scalesBytes + " of scales (" + where
                    + "); describe the image again");
        }
        ByteBuffer in = wrap(kept);
        float[] values = new float[channels * cells];
        if (keptScales == null || this == FLOAT32) {
            in.asFloatBuffer().get(values);
            return values;
        }
        float[] scales = new float[cells];
        wrap(keptScales).asFloatBuffer().get(scales);
        for (int i = 0; i < values.length; i++) {
            values[i] = scales[i % cells] * (this == FLOAT16 ? HalfFloats.value(in.getShort()) : in.get());
        }
        return values;
    }

    private float scale(float largest) {
        if (largest == 0) {
            return 0;
        }
        float scale = this == FLOAT16
                ? Math.scalb(1f, Math.max(Float.MIN_EXPONENT, Math.getExponent(largest) + 1))
                : largest / 127;
        return Math.min(Math.max(scale, Float.MIN_NORMAL), 0x1p127f);
    }

    private static float[] largest(float[] values, int cells) {
        float[] largest = new float[cells];
        for (int i = 0; i < values.length; i++) {
            largest[i % cells] = Math.max(largest[i % cells], Math.abs(values[i]));
        }
        return largest;
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
