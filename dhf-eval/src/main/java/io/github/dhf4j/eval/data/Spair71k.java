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
import org.jspecify.annotations.Nullable;

/**
 * SPair-71k as distributed: {@code PairAnnotation/{trn,val,test}}, {@code JPEGImages/CATEGORY},
 * {@code Layout/large/{trn,val,test}.txt}.
 *
 * <p>Source: Min, Lee, Ponce, Cho, arXiv 1908.10543.
 */
public final class Spair71k implements PairReader {
    /** The data set's own, what it is distributed with for Windows, what macOS and Samba make of a colon there. */
    private static final char[] COLONS = {':', '_', '\uf03a'};

    /** Keeps nothing. */
    public Spair71k() {}

    @Override
    public String name() {
        return "SPair-71k";
    }

    @Override
    public boolean recognises(Path root, Split split) {
        return Files.isDirectory(root.resolve("PairAnnotation"));
    }

    /** A split, in the order of the layout file, or by file name where there is none. */
    @Override
    public PairDataset read(Path root, @Nullable Path images, PairDatasets.Selection selection) throws IOException {
        Split split = selection.split();
        PairCollector collector = new PairCollector("SPair-71k " + split);
        Path annotations = root.resolve("PairAnnotation").resolve(split.spair());
        for (String name : names(root, annotations, split)) {
            Path path = find(annotations, name);
            if (path == null) {
                collector.remark(
                        "annotations that the layout names are missing, their pairs left out", Texts.shown(name));
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

    private static void add(Path root, Path path, PairCollector collector) throws IOException {
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
                names.stream().map(name -> SpairSides.mirrored(category, name)).toList(),
                category,
                fields.box("src_bndbox", collector),
                fields.box("trg_bndbox", collector));
        collector.add(pair, fields.size("src_imsize"), fields.size("trg_imsize"));
    }

    private static List<String> names(Path root, Path annotations, Split split) throws IOException {
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
            throw new IOException("SPair-71k must have PairAnnotation/" + split.spair() + ", got no such folder ("
                    + root + "); unpack the whole archive");
        }
        return Folders.list(annotations).stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(".json"))
                .map(name -> name.substring(0, name.length() - ".json".length()))
                .toList();
    }
}
