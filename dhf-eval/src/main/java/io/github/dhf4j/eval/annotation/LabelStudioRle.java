package io.github.dhf4j.eval.annotation;

import java.io.ByteArrayOutputStream;

/**
 * Masks as Label Studio's brush has them: run lengths of bytes, of red, green, blue and alpha of each pixel, 0 or 255.
 *
 * <p>Source: thi.ng/umbrella, package rle-pack: the number of bytes in 32 bits, the bits of a byte less one in 5, four
 * widths less one in 4 each; then runs: 1, which width in 2 bits, the length less one in so many, the byte.
 */
final class LabelStudioRle {
    private static final int[] WIDTHS = {3, 4, 8, 16};
    private static final int CHANNELS = 4;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int pending;
    private int used;

    private LabelStudioRle() {}

    static byte[] of(Mask mask) {
        int width = mask.size().width();
        int pixels = width * mask.size().height();
        LabelStudioRle out = new LabelStudioRle();
        out.put(Math.multiplyExact(CHANNELS, pixels), 32);
        out.put(7, 5);
        for (int bits : WIDTHS) {
            out.put(bits - 1, 4);
        }
        int from = 0;
        for (int at = 1; at <= pixels; at++) {
            boolean inside = mask.at(from % width, from / width);
            if (at == pixels || mask.at(at % width, at / width) != inside) {
                out.run((long) CHANNELS * (at - from), inside ? 0xff : 0);
                from = at;
            }
        }
        if (out.used > 0) {
            out.put(0, 8 - out.used);
        }
        return out.bytes.toByteArray();
    }

    private void run(long length, int value) {
        for (long left = length; left > 0; ) {
            int some = (int) Math.min(left, 1 << WIDTHS[WIDTHS.length - 1]);
            int which = 0;
            while (some > 1 << WIDTHS[which]) {
                which++;
            }
            put(1, 1);
            put(which, 2);
            put(some - 1, WIDTHS[which]);
            put(value, 8);
            left -= some;
        }
    }

    private void put(int value, int bits) {
        for (int i = bits - 1; i >= 0; i--) {
            pending = pending << 1 | (value >>> i & 1);
            if (++used == 8) {
                bytes.write(pending);
                pending = 0;
                used = 0;
            }
        }
    }
}
