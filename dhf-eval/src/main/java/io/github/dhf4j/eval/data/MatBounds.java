package io.github.dhf4j.eval.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Goes through a MAT file before it is read: what its tags say must fit into the file, since the library that reads it
 * allocates what they say.
 *
 * <p>Source: MATLAB, MAT-File Format, "Level 5 MAT-file data format".
 */
final class MatBounds {
    private static final int HEADER_BYTES = 128;
    private static final int MAX_INFLATED_BYTES = 64_000_000;
    private static final int MAX_DEPTH = 32;
    private static final int INT32 = 5;
    private static final int MATRIX = 14;
    private static final int COMPRESSED = 15;

    private int inflatedLeft = MAX_INFLATED_BYTES;

    private MatBounds() {}

    /** Throws where a size, a shape or the nesting is more than the file can hold. */
    static void check(byte[] file) throws IOException {
        if (file.length < HEADER_BYTES) {
            throw new IOException("a file of " + file.length + " bytes");
        }
        boolean little = file[HEADER_BYTES - 2] == 'I';
        ByteBuffer elements = ByteBuffer.wrap(file, HEADER_BYTES, file.length - HEADER_BYTES)
                .slice()
                .order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        new MatBounds().elements(elements, 0);
    }

    private void elements(ByteBuffer in, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new IOException("values that nest deeper than " + MAX_DEPTH);
        }
        for (int number = 0; in.remaining() >= 8; number++) {
            int word = in.getInt();
            boolean small = word >>> 16 != 0;
            int type = word & 0xffff;
            long size = small ? word >>> 16 : Integer.toUnsignedLong(in.getInt());
            if (size > (small ? 4 : in.remaining())) {
                throw new IOException("an element of " + size + " bytes where the file has " + in.remaining());
            }
            ByteBuffer content = in.slice(in.position(), (int) size).order(in.order());
            if (type == MATRIX) {
                elements(content, depth + 1);
            } else if (type == COMPRESSED && depth == 0) {
                elements(inflate(content), depth + 1);
            } else if (type == INT32 && number == 1 && depth > 0) {
                checkShape(content, in.capacity());
            }
            long padded = small ? 4 : type == COMPRESSED ? size : (size + 7) / 8 * 8;
            in.position((int) Math.min(in.limit(), in.position() + padded));
        }
    }

    /** Every value takes a byte at least. */
    private static void checkShape(ByteBuffer dimensions, int bytes) throws IOException {
        double values = 1;
        while (dimensions.remaining() >= 4) {
            int dimension = dimensions.getInt();
            if (dimension < 0) {
                throw new IOException("a matrix of " + dimension + " rows or columns");
            }
            values *= dimension;
        }
        if (values > bytes) {
            throw new IOException("a matrix of more values than bytes");
        }
    }

    private ByteBuffer inflate(ByteBuffer compressed) throws IOException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(compressed.duplicate());
            ByteBuffer out = ByteBuffer.allocate(Math.min(inflatedLeft, 1 << 16));
            while (!inflater.finished()) {
                if (inflater.inflate(out) == 0 && out.hasRemaining()) {
                    break;
                }
                if (!out.hasRemaining()) {
                    if (out.capacity() >= inflatedLeft) {
                        throw new IOException("more than " + MAX_INFLATED_BYTES + " bytes when decompressed");
                    }
                    out = ByteBuffer.allocate((int) Math.min(inflatedLeft, 2L * out.capacity()))
                            .put(out.flip());
                }
            }
            inflatedLeft -= out.position();
            return out.flip().slice().order(compressed.order());
        } catch (DataFormatException e) {
            throw new IOException("broken compression", e);
        } finally {
            inflater.end();
        }
    }
}
