package io.github.dhf4j.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Files that are whole or absent: written under a temporary name beside the target, then moved over it. What a process that was
 * killed left under such a name, the next one that writes into that folder deletes.
 */
public final class AtomicFiles {
    private AtomicFiles() {}

    /** Writes a file's content to the path it is given. */
    @FunctionalInterface
    public interface Writer {
        /**
         * Writes the content.
         *
         * @param temporary where to write; a file does not exist yet
         * @throws IOException if the content cannot be written
         */
        void write(Path temporary) throws IOException;
    }

    /**
     * Writes {@code target} whole or leaves what was there. A device or a pipe, such as {@code /dev/stdout}, is written
     * into when the content is whole.
     *
     * @param target the file to be; its folder must exist; other threads and processes may write or delete it meanwhile
     * @param writer writes the content to a temporary path in the same folder
     * @throws IOException if writing or moving fails; the temporary file is gone then
     */
    public static void write(Path target, Writer writer) throws IOException {
        boolean special = isSpecial(target);
        Path file = special ? target : require(target);
        Path temporary = special ? Files.createTempFile("dhf", ".tmp") : temporary(file);
        try {
            Files.delete(temporary);
            writer.write(temporary);
            if (special) {
                try (OutputStream out = Files.newOutputStream(target)) {
                    Files.copy(temporary, out);
                }
                return;
            }
            try {
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Writes a folder whole, under its name with a dot before it and then moved, unless it is there.
     *
     * @param target the folder to be; its own folder must exist
     * @param writer fills a folder, which an earlier attempt may have begun
     * @return the target
     * @throws IOException if writing or moving fails; what was written stays for the next attempt
     */
    public static Path folder(Path target, Writer writer) throws IOException {
        if (!Files.exists(target)) {
            Path temporary = target.resolveSibling("." + target.getFileName());
            writer.write(temporary);
            Files.move(temporary, target);
        }
        return target;
    }

    /**
     * An empty folder that will be moved to where it belongs. If this process is killed before, the next that writes there
     * deletes it.
     *
     * @param target the folder to be; its own folder must exist
     * @return a new folder beside it
     * @throws IOException if it cannot be made
     */
    public static Path temporaryFolder(Path target) throws IOException {
        return TemporaryFiles.folder(target);
    }

    /**
     * Says that {@link #write} can write a file, or throws; to be asked before the work that the file is to hold.
     *
     * @param target the file to be
     * @throws IOException if its folder is missing or cannot be written into, or the file is a folder or read-only
     */
    public static void requireWritable(Path target) throws IOException {
        if (!isSpecial(target)) {
            Files.delete(temporary(require(target)));
        }
    }

    /**
     * Says that files can be written into a folder, or throws.
     *
     * @param folder the folder
     * @throws IOException if it is missing or cannot be written into: the file system's own exception
     */
    public static void requireWritableFolder(Path folder) throws IOException {
        Files.delete(TemporaryFiles.file(folder.toAbsolutePath().resolve("dhf")));
    }

    /** Where the file really is, its folder being there: a symbolic link's target is replaced, not the link. */
    private static Path require(Path target) throws IOException {
        Path absolute = target.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IOException("folder of the output file must exist, got " + target + " (no folder " + folder
                    + "); make the folder or name another file");
        }
        if (Files.isDirectory(absolute)) {
            throw new IOException("output file must not be a folder, got " + target + "; name a file");
        }
        Path file;
        try {
            file = absolute.toRealPath();
        } catch (IOException e) {
            return absolute; // not there, or no longer: others may delete it at any moment
        }
        if (!Files.isWritable(file) && Files.exists(file)) {
            throw new IOException("output file must be writable, got " + target
                    + ", which is there and read-only; delete it or name another file");
        }
        return file;
    }

    private static Path temporary(Path file) throws IOException {
        try {
            return TemporaryFiles.file(file);
        } catch (IOException e) {
            throw new IOException(
                    "folder of the output file must be writable, got "
                            + e.getClass().getSimpleName() + " (" + file + "); name another file",
                    e);
        }
    }

    /** Looks once: between two looks a file may go. */
    private static boolean isSpecial(Path target) {
        try {
            return Files.readAttributes(target, BasicFileAttributes.class).isOther();
        } catch (IOException e) {
            return false; // what is wrong is said where the file is written
        }
    }
}
