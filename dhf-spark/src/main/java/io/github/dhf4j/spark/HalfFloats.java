package io.github.dhf4j.spark;

/** IEEE half precision as bits, which Java has from 20 on. */
final class HalfFloats {
    private HalfFloats() {}

    /** The nearest half, ties to even; above 65,519 infinity. */
    static short bits(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        int rest = bits & 0x7fffffff;
        if (rest >= 0x7f800000) {
            return (short) (sign | (rest > 0x7f800000 ? 0x7e00 : 0x7c00));
        }
        if (rest >= 0x47800000) {
            return (short) (sign | 0x7c00);
        }
        if (rest < 0x38800000) {
            // below 2^-14: a multiple of 2^-24, and the sum's rounding is the wanted one
            float shifted = Float.intBitsToFloat(rest) + 0.5f;
            return (short) (sign | (Float.floatToRawIntBits(shifted) - Float.floatToRawIntBits(0.5f)));
        }
        int odd = (rest >>> 13) & 1;
        return (short) (sign | ((rest - 0x38000000 + 0xfff + odd) >>> 13));
    }

    /** The number of a half that is finite. */
    static float value(short half) {
        int bits = half & 0x7fff;
        float size = bits < 0x400 ? bits * 0x1p-24f : Float.intBitsToFloat((bits << 13) + 0x38000000);
        return half < 0 ? -size : size;
    }
}
