package io.github.dhf4j.eval.annotation;

import io.github.dhf4j.image.Size;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Run lengths of masks as COCO has them: column by column, of pixels outside first; as numbers, and as text of six bits a
 * character.
 *
 * <p>Source: cocoapi, common/maskApi.c.
 */
public final class MaskRle {
    private MaskRle() {}

    /**
     * The run lengths of a mask.
     *
     * @param mask any
     * @return outside, inside, outside, ...; they sum up to the picture's pixels
     */
    public static int[] counts(Mask mask) {
        int[] counts = new int[16];
        int used = 0;
        boolean inside = false;
        int run = 0;
        for (int x = 0; x < mask.size().width(); x++) {
            for (int y = 0; y < mask.size().height(); y++) {
                if (mask.at(x, y) != inside) {
                    counts = used == counts.length ? Arrays.copyOf(counts, 2 * used) : counts;
                    counts[used++] = run;
                    run = 0;
                    inside = !inside;
                }
                run++;
            }
        }
        counts = Arrays.copyOf(counts, used + 1);
        counts[used] = run;
        return counts;
    }

    /**
     * The mask of run lengths.
     *
     * @param size the picture's
     * @param counts as {@link #counts} gives them
     * @return the mask
     * @throws IllegalArgumentException if they do not sum up to the picture's pixels
     */
    public static Mask mask(Size size, int[] counts) {
        long pixels = (long) size.width() * size.height();
        long sum = 0;
        for (int count : counts) {
            sum += count < 0 ? Long.MAX_VALUE / 2 - sum : count;
        }
        if (sum != pixels || pixels > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("run lengths must sum up to the " + pixels + " pixels of " + size
                    + ", got " + counts.length + " that do not");
        }
        BitSet bits = new BitSet((int) pixels);
        int at = 0;
        boolean inside = false;
        for (int count : counts) {
            for (int i = inside ? 0 : count; i < count; i++) {
                int column = (at + i) / size.height();
                bits.set((at + i - column * size.height()) * size.width() + column);
            }
            at += count;
            inside = !inside;
        }
        return new Mask(size, bits);
    }

    /**
     * Run lengths as text.
     *
     * @param counts as {@link #counts} gives them
     * @return characters of ASCII, 48 to 111
     */
    public static String text(int[] counts) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < counts.length; i++) {
            int value = i > 2 ? counts[i] - counts[i - 2] : counts[i];
            boolean more = true;
            while (more) {
                int bits = value & 0x1f;
                value >>= 5;
                more = (bits & 0x10) != 0 ? value != -1 : value != 0;
                text.append((char) ((more ? bits | 0x20 : bits) + 48));
            }
        }
        return text.toString();
    }

    /**
     * The run lengths of a text.
     *
     * @param text as {@link #text} gives it
     * @return run lengths
     * @throws IllegalArgumentException if it is none, or ends in the middle of a number
     */
    public static int[] counts(String text) {
        int[] counts = new int[text.length()];
        int used = 0;
        for (int at = 0; at < text.length(); used++) {
            long value = 0;
            boolean more = true;
            for (int shift = 0; more; shift += 5) {
                int bits = at < text.length() ? text.charAt(at++) - 48 : -1;
                if (bits < 0 || bits > 63 || shift > 30) {
                    throw new IllegalArgumentException("run lengths must be COCO's text, got " + text.length()
                            + " characters that break off or are none at " + at);
                }
                value |= (long) (bits & 0x1f) << shift;
                more = (bits & 0x20) != 0;
                if (!more && (bits & 0x10) != 0) {
                    value |= -1L << (shift + 5);
                }
            }
            counts[used] = (int) (used > 2 ? value + counts[used - 2] : value);
        }
        return Arrays.copyOf(counts, used);
    }
}
