package io.github.dhf4j.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Text files, the one place where they are read: UTF-8, a byte order mark at the beginning is skipped, lines end with LF,
 * CRLF or CR. Another encoding is refused, never guessed.
 */
public final class TextFiles {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private TextFiles() {}

    /**
     * Reads a whole file.
     *
     * @param path a text file that fits into memory
     * @return its text, line ends as they are, without a byte order mark
     * @throws IOException if it cannot be read, is a git-lfs pointer, or is not UTF-8; then the message names file and
     *     line
     */
    public static String read(Path path) throws IOException {
        byte[] bytes = FileBytes.read(path);
        FileSignature.refusePointer(bytes, path);
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new IOException("text must be UTF-8, got the byte 0x"
                    + Integer.toHexString(bytes[in.position()] & 0xff) + " in line " + lineOf(bytes, in.position())
                    + " (" + path + "); save the file as UTF-8");
        }
        String text = out.flip().toString();
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    /**
     * Reads a file line by line.
     *
     * @param path a text file that fits into memory
     * @return its lines without their ends
     * @throws IOException as {@link #read}
     */
    public static List<String> lines(Path path) throws IOException {
        return read(path).lines().toList();
    }

    private static int lineOf(byte[] bytes, int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }
}
