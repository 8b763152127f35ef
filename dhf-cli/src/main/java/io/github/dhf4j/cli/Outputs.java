package io.github.dhf4j.cli;

import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.hub.ModelPath;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Looks at everything that a command is to write before it does anything. What is an output its name tells, or {@code
 * OUT}; whether it is a folder, a picture or another file, its label.
 */
final class Outputs {
    /** The value that means standard output. */
    private static final Path STANDARD = Path.of("-");

    private static final Set<String> NAMES = Set.of(
            "--out",
            "--out-dir",
            "--json",
            "--heat-map",
            "--field",
            "--warp",
            "--swap",
            "--html",
            "--review",
            "--pca",
            "--pca-grid",
            "--cache");
    private static final Set<String> TO_STANDARD_OUTPUT = Set.of("--json");

    /** A command that writes files of fixed names into its folder. */
    interface IntoFolder {
        /** Their names. */
        List<String> written();
    }

    /** A command whose {@code --out} is a file or a folder. */
    interface MayBeFolder {
        /** Whether it is a folder. */
        boolean isFolder();
    }

    private record Named(String option, Path path) {}

    private final List<Named> inputs = new ArrayList<>();
    private final List<Named> files = new ArrayList<>();

    private Outputs() {}

    /** Prints a line, or nothing of an empty one. */
    static void line(PrintWriter print, String line) {
        if (!line.isEmpty()) {
            print.println(line);
        }
    }

    static boolean isStandard(@Nullable Path path) {
        return STANDARD.equals(path);
    }

    /** Refuses what cannot be written, what would be written twice, and what would replace an input. */
    static void check(CommandSpec command) throws IOException {
        Outputs outputs = new Outputs();
        for (ArgSpec argument : command.args()) {
            String name = argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
            for (Path path : paths(argument.getValue())) {
                if (NAMES.contains(name) || name.equals("OUT")) {
                    outputs.check(name, argument.paramLabel(), path, command);
                } else {
                    outputs.inputs.add(new Named(name, path));
                }
            }
        }
        outputs.checkOverlaps();
    }

    private static List<Path> paths(@Nullable Object value) {
        if (value instanceof Path path) {
            return List.of(path);
        }
        if (value instanceof ModelPath model) {
            return model.local().map(List::of).orElse(List.of());
        }
        if (value instanceof TensorRef tensor) {
            return List.of(tensor.path());
        }
        if (value instanceof ImagePattern images) {
            return images.path().stream().toList();
        }
        return value instanceof Collection<?> several
                ? several.stream().flatMap(one -> paths(one).stream()).toList()
                : List.of();
    }

    private void check(String name, String label, Path path, CommandSpec command) throws IOException {
        if (isStandard(path)) {
            if (!TO_STANDARD_OUTPUT.contains(name)) {
                throw new IllegalArgumentException(
                        name + " must name a file or folder, got '-'; only " + TO_STANDARD_OUTPUT + " takes that");
            }
            return;
        }
        boolean isFolder = name.equals("--out") && command.userObject() instanceof MayBeFolder may && may.isFolder();
        if (label.contains("DIR") || isFolder) {
            requireFolder(name, path);
            if (!name.equals("--cache") && command.userObject() instanceof IntoFolder into) {
                for (String written : into.written()) {
                    Path file = path.resolve(written);
                    files.add(new Named(name, file));
                    if (Files.isDirectory(path)) {
                        AtomicFiles.requireWritable(file);
                    }
                }
            }
            return;
        }
        if (label.contains("PICTURE")) {
            PictureFiles.requireWritable(path);
        }
        AtomicFiles.requireWritable(path);
        files.add(new Named(name, path));
    }

    /** The folder is there and can be written into, or can be made. */
    private static void requireFolder(String name, Path folder) throws IOException {
        Path existing = folder.toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        boolean isThere = existing != null && existing.equals(folder.toAbsolutePath());
        if (existing == null || !Files.isDirectory(existing)) {
            throw new IOException(name + " must name a folder, got " + folder + " ("
                    + (isThere ? "a file" : existing + " is a file") + "); name another");
        }
        try {
            AtomicFiles.requireWritableFolder(existing);
        } catch (IOException e) {
            throw new IOException(
                    name + " must name a folder that can be written, got " + folder + " ("
                            + e.getClass().getSimpleName() + " in " + existing + "); name another",
                    e);
        }
    }

    private void checkOverlaps() throws IOException {
        for (int i = 0; i < files.size(); i++) {
            Named file = files.get(i);
            for (Named other : files.subList(0, i)) {
                if (same(file.path(), other.path())) {
                    throw new IllegalArgumentException("outputs must be different files, got " + file.path() + " for "
                            + other.option() + " and " + file.option());
                }
            }
            for (Named input : inputs) {
                if (same(file.path(), input.path())) {
                    throw new IllegalArgumentException("an output must not replace what is read, got " + file.path()
                            + " for " + input.option() + " and " + file.option() + "; name another file");
                }
            }
        }
    }

    private static boolean same(Path a, Path b) throws IOException {
        boolean bothThere = Files.exists(a) && Files.exists(b);
        // a device may be written into as often as one likes
        return bothThere ? Files.isSameFile(a, b) && Files.isRegularFile(a) : place(a).equals(place(b));
    }

    private static Path place(Path file) throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        Path folder = absolute.getParent();
        return folder != null && Files.isDirectory(folder)
                ? folder.toRealPath().resolve(absolute.getFileName())
                : absolute;
    }
}
