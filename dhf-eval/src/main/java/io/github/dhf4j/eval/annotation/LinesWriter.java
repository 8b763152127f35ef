package io.github.dhf4j.eval.annotation;

import io.github.dhf4j.io.AtomicFiles;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes this library's lines; pictures are named from the list's folder, where they are looked for. */
final class LinesWriter {
    private LinesWriter() {}

    static void write(LabelledSource images, Vocabulary words, Path root, Path out) throws IOException {
        Path parent = out.toAbsolutePath().getParent();
        Path folder = parent == null ? root : parent;
        AtomicFiles.write(out, temporary -> {
            try (BufferedWriter lines = Files.newBufferedWriter(temporary)) {
                images.forEach(image -> lines.append(AnnotationLines.line(image, image.nameFrom(folder))
                                .toString())
                        .append('\n'));
            }
        });
    }
}
