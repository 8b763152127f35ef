package io.github.dhf4j.image;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * A PPM of the binary form: {@code P6}, width, height and 255 as text, with blanks and comments between, one blank, and the
 * samples.
 */
final class PpmDecoder implements ImageDecoder.Source {
    private static final int MOST_DIGITS = 9;
    private static final int MOST_VALUE = 255;

    private final byte[] file;
    private final Size size;
    private int at = 2;

    PpmDecoder(byte[] file) throws IOException {
        this.file = file;
        int width = number();
        int height = number();
        if (width < 1 || height < 1) {
            throw new IOException("a size of " + width + " x " + height);
        }
        size = new Size(width, height);
        int most = number();
        if (most != MOST_VALUE) {
            throw new IOException("unsupported: samples up to " + most + ", not 255");
        }
        at++;
    }

    private int number() throws IOException {
        boolean comment = false;
        while (comment || byteAt() == '#' || Character.isWhitespace(byteAt())) {
            comment = byteAt() == '#' || (comment && byteAt() != '\n');
            at++;
        }
        int from = at;
        int number = 0;
        while (byteAt() >= '0' && byteAt() <= '9' && at - from < MOST_DIGITS) {
            number = 10 * number + byteAt() - '0';
            at++;
        }
        if (at == from || !Character.isWhitespace(byteAt())) {
            throw new IOException("a header that is none");
        }
        return number;
    }

    private int byteAt() throws EOFException {
        if (at >= file.length) {
            throw new EOFException();
        }
        return file[at];
    }

    @Override
    public Size size() {
        return size;
    }

    @Override
    public RgbImage pixels() throws IOException {
        long end = at + 3L * size.width() * size.height();
        if (end > file.length) {
            throw new EOFException();
        }
        return new RgbImage(size.width(), size.height(), Arrays.copyOfRange(file, at, (int) end));
    }
}
