package io.github.dhf4j.eval.data;

import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * SPair-71k as distributed: {@code PairAnnotation/{trn,val,test}}, {@code JPEGImages/CATEGORY},
 * {@code Layout/large/{trn,val,test}.txt}.
 *
 * <p>Source: Min, Lee, Ponce, Cho, arXiv 1908.10543.
 */
public final class Spair71k {
    private Spair71k() {}

    static boolean is(Path root) {
        return Files.isDirectory(root.resolve("PairAnnotation"));
    }

    /**
     * Reads a split.
     *
     * @param root the folder {@code SPair-71k}
     * @param split which pairs
     * @return the pairs in the order of the layout file, or by file name where there is none
     * @throws IOException if an annotation is missing or malformed, or there are no pairs
     */
    public static PairDataset read(Path root, Split split) throws IOException {
        PairCollector collector = new PairCollector("SPair-71k " + split);
        Path annotations = root.resolve("PairAnnotation").resolve(split.spair());
        for (String name : names(root, annotations, split)) {
            Path path = annotations.resolve(name + ".json");
            if (!Files.isRegularFile(path)) {
                // on file systems without colons the names are distributed with another sign
                Path other = annotations.resolve(name.replace(':', '_') + ".json");
                if (!Files.isRegularFile(other)) {
                    collector.remark("annotations that the layout names are missing, their pairs left out", name);
                    continue;
                }
                path = other;
            }
            add(root, path, collector);
        }
        return collector.finish(root);
    }

    private static void add(Path root, Path path, PairCollector collector) throws IOException {
        JsonFields fields = new JsonFields(Json.readObject(path), path.toString());
        String category = fields.text("category");
        Path images = root.resolve("JPEGImages").resolve(category);
        var source = fields.points("src_kps");
        var target = fields.points("trg_kps");
        if (source.size() != target.size()) {
            throw new IOException("'src_kps' and 'trg_kps' must have as many points, got " + source.size() + " and "
                    + target.size() + " (" + path + "); the annotation is damaged");
        }
        List<String> keypoints = fields.texts("kps_ids");
        collector.add(new KeypointPair(
                fields.text("filename", path.getFileName().toString()),
                images.resolve(fields.text("src_imname")),
                images.resolve(fields.text("trg_imname")),
                source,
                target,
                keypoints.size() == source.size() ? keypoints : List.of(),
                category,
                fields.box("src_bndbox", collector),
                fields.box("trg_bndbox", collector)));
    }

    private static List<String> names(Path root, Path annotations, Split split) throws IOException {
        for (String size : List.of("large", "small")) {
            Path layout = root.resolve("Layout").resolve(size).resolve(split.spair() + ".txt");
            if (Files.isRegularFile(layout)) {
                return Files.readAllLines(layout).stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
            }
        }
        if (!Files.isDirectory(annotations)) {
            throw new IOException("SPair-71k must have PairAnnotation/" + split.spair() + ", got no such folder ("
                    + root + "); unpack the whole archive");
        }
        try (Stream<Path> files = Files.list(annotations)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .toList();
        }
    }
}
