package io.github.dhf4j.eval.annotation;

import io.github.dhf4j.image.Size;
import java.nio.file.Path;
import java.util.List;

/**
 * A picture and what is known of it.
 *
 * @param path its file
 * @param size in pixels
 * @param annotations one a thing
 */
public record LabelledImage(Path path, Size size, List<Annotation> annotations) {
    /**
     * Copies the list.
     *
     * @param path as above
     * @param size as above
     * @param annotations as above
     */
    public LabelledImage {
        annotations = List.copyOf(annotations);
    }

    /**
     * How sure the least sure part is, for who looks at the worst first.
     *
     * @return 0 to 1; 0 for a picture without annotations
     */
    public double worst() {
        return annotations.stream().mapToDouble(Annotation::worst).min().orElse(0);
    }

    /** The file's name as seen from a folder, with slashes; whole where it lies on another root. */
    String nameFrom(Path folder) {
        Path whole = path.toAbsolutePath().normalize();
        Path from = folder.toAbsolutePath().normalize();
        boolean oneRoot = from.getRoot() != null && from.getRoot().equals(whole.getRoot());
        return (oneRoot ? from.relativize(whole) : whole).toString().replace('\\', '/');
    }
}
