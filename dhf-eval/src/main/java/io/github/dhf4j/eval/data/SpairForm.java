package io.github.dhf4j.eval.data;

import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.io.Folders;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.TextFiles;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The form of SPair-71k and of what is annotated beside it: {@code PairAnnotation/{trn,val,test}},
 * {@code JPEGImages/CATEGORY}, {@code Layout/large/{trn,val,test}.txt}.
 *
 * @param name of the data set
 * @param missing what is remarked of pairs that the layout names and nobody annotated
 * @param mirrored what a category's key point is called in a mirrored picture
 */
record SpairForm(String name, String missing, BinaryOperator<String> mirrored) {
    /** The data set's own, what it is distributed with for Windows, what macOS and Samba make of a colon there. */
    static final char[] COLONS = {':', '_', '\uf03a'};

    /** A split, in the order of the layout file, or by file name where there is none. */
    PairDataset read(Path root, Split split) throws IOException {
        PairCollector collector = new PairCollector(name + " " + split);
        Path annotations = root.resolve("PairAnnotation").resolve(split.spair());
        for (String pair : names(root, annotations, split)) {
            Path path = find(annotations, pair);
            if (path == null) {
                collector.remark(missing, Texts.shown(pair));
                continue;
            }
            try {
                add(root, path, collector);
            } catch (IOException e) {
                collector.broken(path, e);
            }
        }
        return collector.finish(root);
    }

    /** Where systems have no colons in names, another sign stands for them. */
    private static @Nullable Path find(Path annotations, String name) {
        for (char sign : COLONS) {
            try {
                Path path = annotations.resolve(name.replace(':', sign) + ".json");
                if (Files.isRegularFile(path)) {
                    return path;
                }
            } catch (InvalidPathException e) {
                // no such name on this system
            }
        }
        return null;
    }

    private void add(Path root, Path path, PairCollector collector) throws IOException {
        JsonFields fields = new JsonFields(Json.readObject(path), path.toString());
        String category = fields.text("category");
        Path images = fields.path(root.resolve("JPEGImages"), "category");
        var source = fields.points("src_kps");
        var target = fields.points("trg_kps");
        if (source.size() != target.size()) {
            throw new IOException("'src_kps' and 'trg_kps' must have as many points, got " + source.size() + " and "
                    + target.size() + " (" + path + "); the annotation is damaged");
        }
        List<String> keypoints = fields.texts("kps_ids");
        List<String> names = keypoints.size() == source.size() ? keypoints : List.of();
        KeypointPair pair = new KeypointPair(
                fields.text("filename", path.getFileName().toString()),
                fields.path(images, "src_imname"),
                fields.path(images, "trg_imname"),
                source,
                target,
                names,
                names.stream()
                        .map(keypoint -> mirrored.apply(category, keypoint))
                        .toList(),
                category,
                fields.box("src_bndbox", collector),
                fields.box("trg_bndbox", collector));
        collector.add(pair, fields.size("src_imsize"), fields.size("trg_imsize"));
    }

    private List<String> names(Path root, Path annotations, Split split) throws IOException {
        for (String size : List.of("large", "small")) {
            Path layout = root.resolve("Layout").resolve(size).resolve(split.spair() + ".txt");
            if (Files.isRegularFile(layout)) {
                return TextFiles.lines(layout).stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
            }
        }
        if (!Files.isDirectory(annotations)) {
            throw new IOException(name + " must have PairAnnotation/" + split.spair() + ", got no such folder (" + root
                    + "); unpack the whole archive");
        }
        return Folders.list(annotations).stream()
                .map(file -> file.getFileName().toString())
                .filter(file -> file.endsWith(".json"))
                .map(file -> file.substring(0, file.length() - ".json".length()))
                .toList();
    }
}
