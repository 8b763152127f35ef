package io.github.dhf4j.image;

import java.io.IOException;

/**
 * The first picture of a GIF on its canvas, as Pillow gives it: what the picture does not cover has the transparent
 * colour, or the first one where there is none. Read here because the JDK's reader leaves the canvas out and gives
 * pictures that are cut short without a word.
 *
 * <p>Source: the GIF89a specification, CompuServe 1990, sections 18 to 23 and appendix F.
 */
final class GifDecoder implements ImageDecoder.Source {
    private static final int CODES = 4096;
    private static final int[] PASS_FIRST = {0, 4, 2, 1};
    private static final int[] PASS_STEP = {8, 8, 4, 2};

    private final byte[] file;
    private int at = 6;
    private final int[] palette = new int[256];
    private final int left;
    private final int top;
    private final int frameWidth;
    private final int frameHeight;
    private final boolean interlaced;
    private final Size canvas;
    private int background;

    /** Reads up to the first picture's pixels. */
    GifDecoder(byte[] file) throws IOException {
        this.file = file;
        int width = word();
        int height = word();
        int flags = next();
        at += 2;
        readPalette(flags);
        for (int block = next(); block != ','; block = next()) {
            if (block == ';') {
                throw new IOException("a GIF without a picture");
            }
            if (block == '!') {
                extension();
            }
        }
        left = word();
        top = word();
        frameWidth = word();
        frameHeight = word();
        int local = next();
        interlaced = (local & 0x40) != 0;
        if ((local & 0x80) != 0) {
            readPalette(local);
        }
        if (frameWidth == 0 || frameHeight == 0) {
            throw new IOException("a picture of " + frameWidth + " x " + frameHeight + " pixels");
        }
        canvas = new Size(Math.max(width, left + frameWidth), Math.max(height, top + frameHeight));
    }

    /** The canvas, or what the first picture needs where that is more. */
    @Override
    public Size size() {
        return canvas;
    }

    @Override
    public RgbImage pixels() throws IOException {
        byte[] indices = new byte[Math.multiplyExact(frameWidth, frameHeight)];
        decompress(indices);
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(canvas.width(), canvas.height()))];
        for (int i = 0; i < rgb.length; i += 3) {
            put(background, rgb, i);
        }
        int[] rows = rows();
        for (int i = 0; i < indices.length; i++) {
            int y = top + rows[i / frameWidth];
            put(indices[i] & 0xff, rgb, 3 * (y * canvas.width() + left + i % frameWidth));
        }
        return new RgbImage(canvas.width(), canvas.height(), rgb);
    }

    private void put(int index, byte[] rgb, int i) {
        rgb[i] = (byte) (palette[index] >> 16);
        rgb[i + 1] = (byte) (palette[index] >> 8);
        rgb[i + 2] = (byte) palette[index];
    }

    /** In which order rows are stored. */
    private int[] rows() {
        int[] rows = new int[frameHeight];
        int n = 0;
        for (int pass = 0; pass < (interlaced ? 4 : 1); pass++) {
            int step = interlaced ? PASS_STEP[pass] : 1;
            for (int y = interlaced ? PASS_FIRST[pass] : 0; y < frameHeight; y += step) {
                rows[n++] = y;
            }
        }
        return rows;
    }

    /** Colours past the palette's end are black; without one, and of one that says so, an index is a level of grey. */
    private void readPalette(int flags) throws IOException {
        boolean given = (flags & 0x80) != 0;
        boolean grey = true;
        int[] colors = new int[palette.length];
        for (int i = 0; given && i < 2 << (flags & 7); i++) {
            colors[i] = next() << 16 | next() << 8 | next();
            grey &= colors[i] == 0x010101 * i;
        }
        for (int i = 0; i < palette.length; i++) {
            palette[i] = grey ? 0x010101 * i : colors[i];
        }
    }

    private void extension() throws IOException {
        boolean control = next() == 0xf9;
        for (int length = next(); length > 0; length = next()) {
            if (control && length >= 4 && (file(at) & 1) != 0) {
                background = file(at + 3);
            }
            control = false;
            at += length;
        }
    }

    /** LZW, until every pixel is there. */
    private void decompress(byte[] pixels) throws IOException {
        int bits = next();
        if (bits > 12) {
            throw new IOException("codes of " + bits + " bits");
        }
        int clear = 1 << bits;
        byte[] last = new byte[CODES];
        short[] before = new short[CODES];
        byte[] string = new byte[CODES + 1];
        int size = bits + 1;
        int next = clear + 2;
        int previous = -1;
        int first = 0;
        int buffer = 0;
        int held = 0;
        int blockEnd = at;
        for (int done = 0; done < pixels.length; ) {
            while (held < size) {
                if (at == blockEnd) {
                    blockEnd = at + 1 + file(at);
                    file(blockEnd - 1);
                    at++;
                    continue;
                }
                buffer |= next() << held;
                held += 8;
            }
            int code = buffer & ((1 << size) - 1);
            buffer >>>= size;
            held -= size;
            if (code == clear) {
                size = bits + 1;
                next = clear + 2;
                previous = -1;
                continue;
            }
            if (code == clear + 1) {
                throw new IOException("an end after " + done + " of " + pixels.length + " pixels");
            }
            if (code > (previous < 0 ? clear : next)) {
                throw new IOException("a code that was not defined before it");
            }
            int from = string.length;
            int walk = code;
            if (code == next) {
                string[--from] = (byte) first;
                walk = previous;
            }
            while (walk >= clear) {
                string[--from] = last[walk];
                walk = before[walk];
            }
            first = walk;
            string[--from] = (byte) first;
            if (previous >= 0 && next < CODES) {
                last[next] = (byte) first;
                before[next] = (short) previous;
                if (next == (1 << size) - 1 && size < 12) {
                    size++;
                }
                next++;
            }
            previous = code;
            int count = Math.min(string.length - from, pixels.length - done);
            System.arraycopy(string, from, pixels, done, count);
            done += count;
        }
    }

    private int word() throws IOException {
        return next() | next() << 8;
    }

    private int next() throws IOException {
        return file(at++);
    }

    private int file(int position) throws IOException {
        if (position >= file.length) {
            throw new IOException("an end after " + file.length + " bytes");
        }
        return file[position] & 0xff;
    }
}
