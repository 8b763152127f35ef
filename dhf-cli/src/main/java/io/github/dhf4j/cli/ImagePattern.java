package io.github.dhf4j.cli;

import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.io.Folders;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Images as they are typed: a file, a folder, or a pattern with {@code *}, {@code **}, {@code ?}, {@code [abc]} or
 * {@code {a,b}} that no shell has expanded.
 *
 * @param text the word
 */
record ImagePattern(String text) {
    private static final Pattern SPECIAL = Pattern.compile("[*?\\[{]");

    static final class Converter implements ITypeConverter<ImagePattern> {
        @Override
        public ImagePattern convert(String text) {
            return new ImagePattern(text);
        }
    }

    /** The file or folder that is named, if one is. */
    Optional<Path> path() {
        if (isGlob()) {
            return Optional.empty();
        }
        try {
            return Optional.of(PathConverter.path(text));
        } catch (TypeConversionException e) {
            return Optional.empty();
        }
    }

    /** The files that are meant, by name; a file that is named need not be there. */
    List<Path> files() throws IOException {
        if (isGlob()) {
            return matching();
        }
        Path path = PathConverter.path(text);
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        List<Path> images = Folders.list(path).stream()
                .filter(file -> Files.isRegularFile(file) && PictureFiles.isNamedAsOne(file))
                .toList();
        if (images.isEmpty()) {
            throw new IOException("folder must hold images (.png, .jpg, .gif, .bmp), got none right in it (" + path
                    + "); for those further down give '" + text + "/**', in quotes");
        }
        return images;
    }

    private boolean isGlob() {
        if (!SPECIAL.matcher(text).find() || text.contains("://")) {
            return false;
        }
        try {
            return !Files.exists(Path.of(text));
        } catch (InvalidPathException e) {
            return true;
        }
    }

    private List<Path> matching() throws IOException {
        String unix = System.getProperty("file.separator", "/").equals("\\") ? text.replace('\\', '/') : text;
        int first = SPECIAL.matcher(unix).results().findFirst().orElseThrow().start();
        int cut = unix.lastIndexOf('/', first) + 1;
        Path base = PathConverter.path(cut == 0 ? "." : unix.substring(0, cut));
        String rest = unix.substring(cut);
        if (!Files.isDirectory(base)) {
            throw new IOException("folder of a pattern must exist, got none (" + base + "), for '" + text + "'");
        }
        int depth = rest.contains("**") ? Integer.MAX_VALUE : rest.split("/", -1).length;
        PathMatcher matcher = matcher(rest);
        String last = rest.substring(rest.lastIndexOf('/') + 1);
        boolean namesAny = last.equals("*") || last.equals("**");
        List<Path> files = Folders.below(base, depth).stream()
                .filter(file -> matcher.matches(base.relativize(file)))
                .filter(file -> Files.isRegularFile(file) && (!namesAny || PictureFiles.isNamedAsOne(file)))
                .map(file -> cut == 0 ? base.relativize(file) : file)
                .toList();
        if (files.isEmpty()) {
            throw new IOException("pattern must match images, got none (" + text + ")");
        }
        return files;
    }

    /** As shells have it, where {@code **} stands for no folder too. */
    private PathMatcher matcher(String rest) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + rest.replace("**/", "{**/,}"));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "pattern must be one of files, got '" + text + "' (" + e.getDescription() + ")", e);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
