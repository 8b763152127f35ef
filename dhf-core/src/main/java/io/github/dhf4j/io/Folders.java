package io.github.dhf4j.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What lies in folders, in an order that is the same everywhere. What systems and programs leave beside the files of
 * people is passed over, at every depth: names that begin with a dot ({@code ._x.json}, {@code .DS_Store},
 * {@code .ipynb_checkpoints}), and {@code __MACOSX}.
 */
public final class Folders {
    private Folders() {}

    /**
     * Files and folders right in a folder.
     *
     * @param folder the folder
     * @return by name
     * @throws IOException if it cannot be read
     */
    public static List<Path> list(Path folder) throws IOException {
        return below(folder, 1);
    }

    /**
     * Files and folders in a folder and in those in it.
     *
     * @param folder the folder
     * @param depth 1 for those right in it
     * @return by name; the folder itself is none of them
     * @throws IOException if one of them cannot be read
     */
    public static List<Path> below(Path folder, int depth) throws IOException {
        try (Stream<Path> paths = Files.walk(folder, depth)) {
            return paths.filter(path -> !path.equals(folder) && !isPassedOver(folder.relativize(path)))
                    .sorted(Comparator.comparing(path -> path.toString().replace('\\', '/')))
                    .toList();
        } catch (UncheckedIOException e) {
            throw new IOException("folder must be readable, got " + e.getCause() + " (" + folder + ")", e);
        }
    }

    /**
     * The folder that an archive unpacks to, where its parent may be named as well.
     *
     * @param given the folder, or the one that it lies in
     * @param name what it is called
     * @return the folder of that name in the given one, if there is one, else the given one
     */
    public static Path inside(Path given, String name) {
        Path inner = given.resolve(name);
        return Files.isDirectory(inner) ? inner : given;
    }

    /**
     * Deletes a file, or a folder with all that is in it, if it is there; others may delete it at the same time.
     *
     * @param path the file or folder; of a symbolic link the link
     * @throws IOException if something in it cannot be deleted
     */
    public static void delete(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> inside = Files.walk(path)) {
            for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (NoSuchFileException e) {
            return; // another was first
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof NoSuchFileException)) {
                throw e.getCause();
            }
        }
    }

    /**
     * Whether listings pass a file over.
     *
     * @param path a path below the folder that is listed, relative to it
     * @return true where a part of it is not people's own
     */
    public static boolean isPassedOver(Path path) {
        for (Path part : path) {
            String name = part.toString();
            if (name.startsWith(".") || name.equals("__MACOSX")) {
                return true;
            }
        }
        return false;
    }
}
