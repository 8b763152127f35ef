package io.github.dhf4j.eval.annotation;

import com.google.gson.JsonObject;
import io.github.dhf4j.io.Folders;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Annotated pictures that were read.
 *
 * @param images pictures whose files are there, each once
 * @param remarks a sentence a kind of what could not be used: counts, with examples
 */
public record Labels(List<LabelledImage> images, List<String> remarks) {
    /**
     * Copies the lists.
     *
     * @param images as above
     * @param remarks as above
     */
    public Labels {
        images = List.copyOf(images);
        remarks = List.copyOf(remarks);
    }

    /**
     * Reads annotations: a JSON file of COCO or LabelMe, JSON Lines of this library ({@code .jsonl}, of pictures or of
     * pairs), a mask ({@code .png}), or a folder of LabelMe's files or of masks. Masks are of the pictures of the same name.
     * What is damaged or lies outside its picture is left out with a remark, and the rest is read.
     *
     * @param from a file or folder
     * @param images where the pictures are; null for beside the annotations, or in {@code images} there
     * @return the pictures
     * @throws IOException if it cannot be read, or is none of these
     */
    public static Labels read(Path from, @Nullable Path images) throws IOException {
        LabelCollector collector = new LabelCollector(from, images);
        String name = String.valueOf(from.getFileName()).toLowerCase(Locale.ROOT);
        if (Files.isDirectory(from)) {
            readFolder(from, collector);
        } else if (name.endsWith(".jsonl")) {
            AnnotationLines.read(from, collector);
        } else if (name.endsWith(".png")) {
            MaskPictures.read(List.of(from), from.resolveSibling(MaskPictures.NAMES), collector);
        } else {
            readJson(from, collector);
        }
        return collector.finish();
    }

    private static void readFolder(Path folder, LabelCollector collector) throws IOException {
        List<Path> files =
                Folders.list(folder).stream().filter(Files::isRegularFile).toList();
        List<Path> labelMe = files.stream()
                .filter(file -> file.toString().toLowerCase(Locale.ROOT).endsWith(".json"))
                .filter(file -> !file.endsWith(MaskPictures.NAMES))
                .toList();
        List<Path> masks = files.stream()
                .filter(file -> file.toString().toLowerCase(Locale.ROOT).endsWith(".png"))
                .toList();
        if (labelMe.isEmpty() && masks.isEmpty()) {
            throw new IOException("folder of annotations must hold LabelMe's .json files or masks (.png), got neither ("
                    + folder + ")");
        }
        if (labelMe.isEmpty()) {
            MaskPictures.read(masks, folder.resolve(MaskPictures.NAMES), collector);
        }
        for (Path file : labelMe) {
            try {
                LabelMe.read(Json.readObject(file), file, collector);
            } catch (IOException | IllegalArgumentException e) {
                collector.remark("files that are not LabelMe's left out", file.getFileName() + ": " + Texts.reason(e));
            }
        }
    }

    private static void readJson(Path file, LabelCollector collector) throws IOException {
        JsonObject root = Json.readPythonObject(file);
        try {
            if (root.has("shapes")) {
                LabelMe.read(root, file, collector);
                return;
            }
            if (root.has("images") && root.has("annotations")) {
                Coco.read(root, collector);
                return;
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(Texts.reason(e) + " (" + file + "); the file is damaged", e);
        }
        throw new IOException("annotations must be COCO's ('images', 'annotations') or LabelMe's ('shapes'), got an"
                + " object without them (" + file + ")");
    }
}
