package io.github.dhf4j.io;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whole files as bytes, on an interrupted thread too: NIO's channels refuse to read there. That the thread was
 * interrupted stays to be seen afterwards.
 */
public final class FileBytes {
    private FileBytes() {}

    /**
     * Reads a whole file.
     *
     * @param path a file that fits into memory
     * @return its bytes
     * @throws IOException if it cannot be read
     */
    public static byte[] read(Path path) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return Files.readAllBytes(path);
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * The length of a file that must be there and not be empty.
     *
     * @param path the file
     * @return its bytes
     * @throws IOException saying what is wrong with it
     */
    public static long lengthOf(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException("file must exist, got " + Texts.path(path) + " ("
                    + (Files.isDirectory(path)
                            ? "a folder"
                            : Files.isSymbolicLink(path) ? "a link to nothing" : "no such file")
                    + "); check the path");
        }
        long length = Files.size(path);
        if (length == 0) {
            throw new IOException("file must not be empty, got 0 bytes (" + path + "); fetch it again");
        }
        return length;
    }
}
