package io.github.dhf4j.eval.data;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.io.TextFiles;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * CUB-200-2011 as distributed: {@code images.txt}, {@code parts/part_locs.txt}, {@code parts/parts.txt},
 * {@code bounding_boxes.txt}, {@code train_test_split.txt}. Pairs are drawn by seed from one species each, with the
 * parts that both images show. The training images are split: every fifth is for validation.
 *
 * <p>Source: Wah, Branson, Welinder, Perona, Belongie, CNS-TR-2011-001.
 */
public final class Cub200 implements PairReader {
    private static final String PARTS = "parts/part_locs.txt";
    private static final String FOLDER = "CUB_200_2011";

    /** Keeps nothing. */
    public Cub200() {}

    @Override
    public String name() {
        return "CUB-200-2011";
    }

    @Override
    public Known about() {
        return new Known(
                "15 parts of 11,788 birds; pairs are drawn",
                "https://www.vision.caltech.edu/datasets/cub_200_2011",
                Known.NONE_FOUND + "; its README names none",
                "CUB_200_2011 with images, parts/part_locs.txt and its other lists");
    }

    @Override
    public boolean recognises(Path data, Split split) {
        return isRoot(data) || isRoot(data.resolve(FOLDER));
    }

    private static boolean isRoot(Path folder) {
        return Files.isRegularFile(folder.resolve(PARTS));
    }

    /** Drawn pairs of the folder {@code CUB_200_2011}, or of the one that holds it. */
    @Override
    public PairDataset read(Path data, @Nullable Path images, PairDatasets.Selection selection) throws IOException {
        Path root = isRoot(data) ? data : data.resolve(FOLDER);
        Split split = selection.split();
        int count = selection.count();
        long seed = selection.seed();
        Map<String, String> names = new LinkedHashMap<>();
        for (Row row : rows(root, "parts/parts.txt", 2)) {
            names.put(row.word(0), row.rest(1));
        }
        Map<String, Boolean> training = new LinkedHashMap<>();
        for (Row row : rows(root, "train_test_split.txt", 2)) {
            training.put(row.word(0), row.number(1) == 1);
        }
        Map<String, Row> boxes = new LinkedHashMap<>();
        for (Row row : rows(root, "bounding_boxes.txt", 5)) {
            boxes.put(row.word(0), row);
        }
        Map<String, Map<String, Point>> points = new LinkedHashMap<>();
        for (Row row : rows(root, PARTS, 5)) {
            if (row.number(4) == 1) {
                points.computeIfAbsent(row.word(0), key -> new LinkedHashMap<>())
                        .put(names.getOrDefault(row.word(1), row.word(1)), new Point(row.number(2), row.number(3)));
            }
        }
        PairCollector collector = new PairCollector("CUB-200-2011 " + split + ", " + count + " pairs by seed " + seed);
        List<AnnotatedImage> annotated = new ArrayList<>();
        int trained = 0;
        for (Row row : rows(root, "images.txt", 2)) {
            String id = row.word(0);
            String path = row.rest(1);
            boolean train = training.getOrDefault(id, false);
            Split of = !train ? Split.TEST : trained++ % 5 == 4 ? Split.VALIDATION : Split.TRAIN;
            if (of == split) {
                String category = path.contains("/") ? path.substring(0, path.indexOf('/')) : "bird";
                annotated.add(new AnnotatedImage(
                        path,
                        image(root, path, row.where),
                        category,
                        points.getOrDefault(id, Map.of()),
                        box(boxes.get(id), collector)));
            }
        }
        AnnotatedImage.drawPairs(annotated, count, seed, collector);
        return collector.finish(root);
    }

    private static Path image(Path root, String name, String where) throws IOException {
        try {
            return root.resolve("images").resolve(name);
        } catch (InvalidPathException e) {
            throw new IOException(
                    "line must name an image, got '" + Texts.shown(name) + "' (" + where
                            + "); fetch the data set again",
                    e);
        }
    }

    /** Left, top, width, height in the file. */
    private static @Nullable Box box(@Nullable Row row, PairCollector collector) throws IOException {
        if (row == null) {
            return null;
        }
        double left = row.number(1);
        double top = row.number(2);
        return collector.box(left, top, left + row.number(3), top + row.number(4), row.where);
    }

    /** A line of words, with where it stands. */
    private record Row(String line, List<String> words, String where) {
        String word(int i) {
            return words.get(i);
        }

        /** The end of the line, blanks within it included. */
        String rest(int from) {
            return line.split("\\s+", from + 1)[from];
        }

        double number(int i) throws IOException {
            try {
                double value = Double.parseDouble(words.get(i));
                if (Double.isFinite(value)) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // answered below
            }
            throw new IOException("word " + (i + 1) + " must be a number, got '" + Texts.shown(words.get(i)) + "' ("
                    + where + "); fetch the data set again");
        }
    }

    private static List<Row> rows(Path root, String name, int words) throws IOException {
        Path path = root.resolve(name);
        if (!Files.isRegularFile(path) || Files.size(path) == 0) {
            throw new IOException("CUB-200-2011 must have " + name + ", got "
                    + (Files.exists(path) ? "an empty file" : "no such file") + " (" + root
                    + "); unpack the whole archive");
        }
        List<Row> rows = new ArrayList<>();
        List<String> lines = TextFiles.lines(path);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty()) {
                String where = path + " line " + (i + 1);
                List<String> found = List.of(line.split("\\s+"));
                if (found.size() < words) {
                    throw new IOException("line must have " + words + " words, got '" + Texts.shown(line) + "' ("
                            + where + "); fetch the data set again");
                }
                rows.add(new Row(line, found, where));
            }
        }
        return rows;
    }
}
