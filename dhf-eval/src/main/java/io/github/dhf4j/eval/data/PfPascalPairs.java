package io.github.dhf4j.eval.data;

import io.github.dhf4j.io.Folders;
import io.github.dhf4j.io.TextFiles;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * PF-PASCAL by the lists of pairs that papers report on: {@code {trn,val,test}_pairs.csv} beside {@code PF-dataset-PASCAL} or in
 * it (also {@code test_pairs_pf_pascal.csv}), a line a pair: source image, target image, class 1 to 20, and of the training list
 * whether both are mirrored. Points and boxes come from {@code Annotations}; the threshold that is usual is a share of the image's
 * longer side.
 *
 * <p>Source: Han et al., SCNet, arXiv 1705.04043, for the lists.
 */
public final class PfPascalPairs implements PairReader {
    private static final List<String> CLASSES = List.of(
            "aeroplane",
            "bicycle",
            "bird",
            "boat",
            "bottle",
            "bus",
            "car",
            "cat",
            "chair",
            "cow",
            "diningtable",
            "dog",
            "horse",
            "motorbike",
            "person",
            "pottedplant",
            "sheep",
            "sofa",
            "train",
            "tvmonitor");

    private static final String FOLDER = "PF-dataset-PASCAL";

    /** Keeps nothing. */
    public PfPascalPairs() {}

    @Override
    public String name() {
        return "PF-PASCAL with its lists of pairs";
    }

    @Override
    public Known about() {
        return new Known(
                "2,941 training, 308 validation and 299 test pairs of 20 categories",
                PfPascal.PAGE + ", the lists with SCNet's or SD4Match's code",
                Known.NONE_FOUND + "; " + Known.OF_VOC,
                "{trn,val,test}_pairs.csv beside " + FOLDER + " or in it");
    }

    @Override
    public boolean recognises(Path data, Split split) throws IOException {
        return Files.isDirectory(data) && list(data, split) != null && root(data) != null;
    }

    private static @Nullable Path root(Path data) {
        return List.of(data, data.resolve(FOLDER)).stream()
                .filter(folder -> Files.isDirectory(folder.resolve("Annotations")))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Path list(Path data, Split split) throws IOException {
        String names = split.spair() + "|" + split + (split == Split.TEST ? "|tst" : "");
        return Folders.list(data).stream()
                .filter(file -> file.getFileName().toString().matches("(" + names + ")_pairs(_pf_pascal)?\\.csv"))
                .findFirst()
                .orElse(null);
    }

    @Override
    public PairDataset read(Path data, @Nullable Path images, PairDatasets.Selection selection) throws IOException {
        Path list = list(data, selection.split());
        Path root = root(data);
        if (list == null || root == null) {
            throw new IOException("PF-PASCAL must have " + selection.split().spair() + "_pairs.csv and " + FOLDER
                    + ", got one of them at most (" + data + ")");
        }
        PairCollector collector = new PairCollector("PF-PASCAL " + list.getFileName());
        Map<Path, AnnotatedImage> seen = new HashMap<>();
        List<String> lines = TextFiles.lines(list);
        for (int i = 1; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                String where = "line " + (i + 1);
                try {
                    add(root, lines.get(i).split(",", -1), where, seen, collector);
                } catch (IOException e) {
                    collector.broken(list.resolveSibling(list.getFileName() + " " + where), e);
                }
            }
        }
        return collector.finish(data);
    }

    private static void add(
            Path root, String[] fields, String where, Map<Path, AnnotatedImage> seen, PairCollector collector)
            throws IOException {
        if (fields.length == 4 && fields[3].strip().equals("1")) {
            collector.remark("mirrored copies of training pairs left out", where);
            return;
        }
        String category = category(fields);
        AnnotatedImage source = image(root, category, fields[0], seen, collector);
        AnnotatedImage target = image(root, category, fields[1], seen, collector);
        String id = where + ", " + source.id() + " to " + target.id();
        collector.add(AnnotatedImage.pair(source, target, id, category));
    }

    private static String category(String[] fields) throws IOException {
        try {
            return CLASSES.get(Integer.parseInt(fields[2].strip()) - 1);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IOException(
                    "line must be a source image, a target image and a class of 1 to " + CLASSES.size() + ", got "
                            + Texts.shown(String.join(",", fields)),
                    e);
        }
    }

    private static AnnotatedImage image(
            Path root, String category, String field, Map<Path, AnnotatedImage> seen, PairCollector collector)
            throws IOException {
        String name = field.strip().replace('\\', '/');
        name = name.substring(name.lastIndexOf('/') + 1).replaceFirst("\\.[A-Za-z]+$", "");
        try {
            Path annotation = root.resolve("Annotations").resolve(category).resolve(name + ".mat");
            AnnotatedImage known = seen.get(annotation);
            if (known == null) {
                known = PfPascal.annotated(root, annotation, collector);
                seen.put(annotation, known);
            }
            return known;
        } catch (InvalidPathException e) {
            throw new IOException("image must be named, got " + Texts.shown(field), e);
        }
    }
}
