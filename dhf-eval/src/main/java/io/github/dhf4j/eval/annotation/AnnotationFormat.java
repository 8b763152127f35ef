package io.github.dhf4j.eval.annotation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The forms in which labels can be written for other tools. */
public enum AnnotationFormat {
    /** One JSON file: key points, boxes, polygons, run lengths, with {@code score}. */
    COCO("coco", ".json", false, CocoWriter::write),
    /** One JSON file of tasks with predictions, and beside it the labelling configuration that they are made for. */
    LABEL_STUDIO("label-studio", "", false, LabelStudioWriter::write),
    /** One XML file, "CVAT for images 1.1". */
    CVAT("cvat", ".xml", false, CvatWriter::write),
    /** A JSON file a picture. */
    LABELME("labelme", "", true, LabelMeWriter::write),
    /** A PNG a picture whose colours are categories, and {@code labels.json} that names them. */
    MASKS("masks", "", true, MaskPicturesWriter::write),
    /** One file with a line a picture: {@link AnnotationLines}. */
    LINES("jsonl", ".jsonl", false, LinesWriter::write);

    /** Writes one form. */
    @FunctionalInterface
    interface Writer {
        void write(LabelledSource images, Vocabulary words, Path root, Path out) throws IOException;
    }

    private final String word;
    private final String ending;
    private final boolean folder;

    @SuppressWarnings("ImmutableEnumChecker") // a method reference
    private final Writer writer;

    AnnotationFormat(String word, String ending, boolean folder, Writer writer) {
        this.word = word;
        this.ending = ending;
        this.folder = folder;
        this.writer = writer;
    }

    /**
     * Which form a file's name tells.
     *
     * @param out a file to be
     * @return COCO of {@code .json}, CVAT of {@code .xml}, lines of {@code .jsonl}; empty for any other name
     */
    public static Optional<AnnotationFormat> ofName(Path out) {
        String name = out.toString().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> !format.ending.isEmpty() && name.endsWith(format.ending))
                .findFirst();
    }

    /**
     * Whether it is a folder of files.
     *
     * @return false for one file
     */
    public boolean isFolder() {
        return folder;
    }

    /**
     * Writes labels. Files appear whole or not at all; those of a folder one after the other.
     *
     * @param images what is written; gone through more than once
     * @param words categories and names of key points, which may be more than the pictures have
     * @param root the folder that pictures are named from; below it they lie
     * @param out a file, or a folder that is made
     * @throws IOException if it cannot be written
     */
    public void write(LabelledSource images, Vocabulary words, Path root, Path out) throws IOException {
        writer.write(images, words, root, out);
    }

    /** The word of the command line. */
    @Override
    public String toString() {
        return word;
    }
}
