package io.github.dhf4j.eval.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.data.Box;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.data.SideNames;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.JsonLines;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists of pairs: the authors' JSON (one array) and this library's JSON Lines (one object a line), of the same keys:
 * {@code source_path}, {@code target_path} (relative to the images' folder), {@code source_points},
 * {@code target_points} (lists of [x, y] in pixels), {@code category}, and where there are any
 * {@code source_bounding_box}, {@code target_bounding_box} ([left, top, right, bottom]), {@code keypoints} (names),
 * {@code id}.
 */
public final class PairLists implements PairReader {
    /** Keeps nothing. */
    public PairLists() {}

    @Override
    public String name() {
        return "a .json or .jsonl list of pairs or a folder with train.jsonl to test.jsonl";
    }

    /** Every file, and folders that hold the split's list. */
    @Override
    public boolean recognises(Path data, Split split) {
        return Files.isRegularFile(data) || Files.isRegularFile(inFolder(data, split));
    }

    private static Path inFolder(Path folder, Split split) {
        return folder.resolve(split + ".jsonl");
    }

    @Override
    public PairDataset read(Path data, @Nullable Path images, PairDatasets.Selection selection) throws IOException {
        return Files.isRegularFile(data)
                ? read(data, images != null ? images : imagesBeside(data))
                : read(inFolder(data, selection.split()), images != null ? images : data);
    }

    private static Path imagesBeside(Path list) {
        Path folder = list.toAbsolutePath().getParent();
        Path root = folder == null ? Path.of(".") : folder;
        boolean authors = list.toString().endsWith(".json");
        return authors && Files.isDirectory(root.resolve("images")) ? root.resolve("images") : root;
    }

    /**
     * Reads a list.
     *
     * @param list a file that ends in {@code .jsonl} (a line a pair) or {@code .json} (one array)
     * @param images the folder that paths are relative to; a file that is not at its path is looked for by its name
     * @return the pairs in the list's order
     * @throws IOException if the list is missing, empty or malformed, or no pair can be used
     */
    public static PairDataset read(Path list, Path images) throws IOException {
        PairCollector collector = new PairCollector(list.getFileName().toString());
        if (list.toString().endsWith(".jsonl")) {
            for (JsonLines.Line line : JsonLines.read(list)) {
                add(line.object(), line.where(), "line " + line.number(), images, collector);
            }
        } else {
            JsonArray array = Json.readArray(list);
            for (int i = 0; i < array.size(); i++) {
                JsonElement element = array.get(i);
                String where = list + " pair " + (i + 1);
                if (!(element instanceof JsonObject object)) {
                    throw new IOException("pair must be an object, got " + Texts.shown(element) + " (" + where
                            + "); the list is damaged");
                }
                add(object, where, "pair " + (i + 1), images, collector);
            }
        }
        return collector.finish(list);
    }

    private static void add(JsonObject object, String where, String id, Path images, PairCollector collector)
            throws IOException {
        JsonFields fields = new JsonFields(object, where);
        List<Point> source = fields.points("source_points");
        List<Point> target = fields.points("target_points");
        List<String> keypoints = fields.texts("keypoints");
        if (source.size() != target.size() || (!keypoints.isEmpty() && keypoints.size() != source.size())) {
            throw new IOException("'source_points', 'target_points' and 'keypoints' must have as many entries, got "
                    + source.size() + ", " + target.size() + " and " + keypoints.size() + " (" + where
                    + "); the list is damaged");
        }
        List<String> mirrored = fields.texts("mirrored_keypoints");
        if (!mirrored.isEmpty() && mirrored.size() != keypoints.size()) {
            throw new IOException("'mirrored_keypoints' must have as many entries as 'keypoints', got "
                    + mirrored.size() + " and " + keypoints.size() + " (" + where + "); the list is damaged");
        }
        collector.add(new KeypointPair(
                fields.text("id", id),
                find(images, fields, "source_path"),
                find(images, fields, "target_path"),
                source,
                target,
                keypoints,
                mirrored.isEmpty() ? SideNames.swapped(keypoints) : mirrored,
                fields.text("category", "none"),
                fields.box("source_bounding_box", collector),
                fields.box("target_bounding_box", collector)));
    }

    private static Path find(Path images, JsonFields fields, String key) throws IOException {
        Path whole = fields.path(images, key);
        Path flat = images.resolve(whole.getFileName());
        return !Files.isRegularFile(whole) && Files.isRegularFile(flat) ? flat : whole;
    }

    /**
     * Writes JSON Lines.
     *
     * @param pairs the pairs
     * @param list the file to be; images are named relative to its folder
     * @throws IOException if it cannot be written
     */
    public static void write(List<KeypointPair> pairs, Path list) throws IOException {
        Path folder = list.toAbsolutePath().getParent();
        List<String> lines = new ArrayList<>();
        for (KeypointPair pair : pairs) {
            JsonObject object = new JsonObject();
            object.addProperty("id", pair.id());
            object.addProperty("source_path", relative(folder, pair.source()));
            object.addProperty("target_path", relative(folder, pair.target()));
            object.add("source_points", points(pair.sourcePoints()));
            object.add("target_points", points(pair.targetPoints()));
            object.add("keypoints", Json.array(pair.keypoints()));
            if (!pair.mirroredKeypoints().equals(SideNames.swapped(pair.keypoints()))) {
                object.add("mirrored_keypoints", Json.array(pair.mirroredKeypoints()));
            }
            object.addProperty("category", pair.category());
            addBox(object, "source_bounding_box", pair.sourceBox());
            addBox(object, "target_bounding_box", pair.targetBox());
            lines.add(object.toString());
        }
        AtomicFiles.write(list, path -> Files.write(path, lines));
    }

    private static String relative(@Nullable Path folder, Path image) {
        Path path = folder == null ? image : folder.relativize(image.toAbsolutePath());
        return path.toString().replace('\\', '/');
    }

    private static void addBox(JsonObject object, String key, @Nullable Box box) {
        if (box != null) {
            JsonArray corners = new JsonArray();
            corners.add(box.left());
            corners.add(box.top());
            corners.add(box.right());
            corners.add(box.bottom());
            object.add(key, corners);
        }
    }

    private static JsonArray points(List<Point> points) {
        JsonArray array = new JsonArray();
        for (Point point : points) {
            JsonArray xy = new JsonArray();
            xy.add(point.x());
            xy.add(point.y());
            array.add(xy);
        }
        return array;
    }
}
