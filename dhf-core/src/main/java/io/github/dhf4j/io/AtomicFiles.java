package io.github.dhf4j.io;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that are whole or absent: written under a temporary name beside the target, then moved over it. */
public final class AtomicFiles {
    private AtomicFiles() {}

    /** Writes a file's content to the path it is given. */
    @FunctionalInterface
    public interface Writer {
        /**
         * Writes the content.
         *
         * @param temporary where to write; the file does not exist yet
         * @throws IOException if the content cannot be written
         */
        void write(Path temporary) throws IOException;
    }

    /**
     * Writes {@code target} whole or leaves what was there.
     *
     * @param target the file to be; its folder must exist
     * @param writer writes the content to a temporary path in the same folder
     * @throws IOException if writing or moving fails; the temporary file is gone then
     */
    public static void write(Path target, Writer writer) throws IOException {
        Path absolute = target.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IOException("folder of the output file must exist, got " + target + " (no folder " + folder
                    + "); make the folder or name another file");
        }
        if (Files.isDirectory(absolute)) {
            throw new IOException("output file must not be a folder, got " + target + "; name a file");
        }
        Path temporary = Files.createTempFile(folder, "." + absolute.getFileName(), ".tmp");
        try {
            Files.delete(temporary);
            writer.write(temporary);
            try {
                Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, absolute, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
