package io.github.dhf4j.eval.annotation;

import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** A file a picture in a folder, named after it and in the same folders; with the picture's ending where names clash. */
final class OutputFiles {
    private final Path root;
    private final Path folder;
    private final String ending;
    private final Set<String> used = new HashSet<>();

    OutputFiles(Path root, Path folder, String ending) {
        this.root = root;
        this.folder = folder;
        this.ending = ending;
    }

    Path of(LabelledImage image) throws IOException {
        Path name = Path.of(image.nameFrom(root));
        Path own = folder.resolve(name.resolveSibling(Texts.stem(name) + ending));
        Path file = used.add(own.toString().toLowerCase(Locale.ROOT))
                ? own
                : folder.resolve(name.resolveSibling(name.getFileName() + ending));
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        return file;
    }
}
