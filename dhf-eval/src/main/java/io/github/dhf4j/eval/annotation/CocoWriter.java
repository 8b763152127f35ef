package io.github.dhf4j.eval.annotation;

import com.google.gson.stream.JsonWriter;
import io.github.dhf4j.data.Box;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes COCO: ids count from 1; {@code score} is of the annotation, {@code keypoint_scores} of each point. */
final class CocoWriter {
    private CocoWriter() {}

    static void write(LabelledSource images, Vocabulary words, Path root, Path out) throws IOException {
        List<String> categories = words.categories();
        JsonStream.write(out, json -> {
            json.beginObject().name("info").beginObject();
            json.name("description").value("Diffusion Hyperfeatures for Java " + Environment.version());
            json.endObject().name("licenses").beginArray().endArray();
            json.name("images").beginArray();
            int[] ids = new int[2];
            images.forEach(image -> {
                json.beginObject().name("id").value(++ids[0]);
                json.name("file_name").value(image.nameFrom(root));
                json.name("width").value(image.size().width());
                json.name("height").value(image.size().height()).endObject();
            });
            json.endArray().name("categories").beginArray();
            for (int i = 0; i < categories.size(); i++) {
                category(json, i + 1, categories.get(i), words);
            }
            json.endArray().name("annotations").beginArray();
            ids[0] = 0;
            images.forEach(image -> {
                ids[0]++;
                for (Annotation annotation : image.annotations()) {
                    json.beginObject().name("id").value(++ids[1]);
                    json.name("image_id").value(ids[0]);
                    json.name("category_id").value(categories.indexOf(annotation.category()) + 1);
                    region(json, annotation, image);
                    keypoints(json, annotation, words.keypointsOf(annotation.category()));
                    json.name("score").value(Numbers.share(annotation.score())).endObject();
                }
            });
            json.endArray().endObject();
        });
    }

    private static void category(JsonWriter json, int id, String name, Vocabulary words) throws IOException {
        json.beginObject().name("id").value(id).name("name").value(name);
        json.name("supercategory").value("");
        List<String> keypoints = words.keypointsOf(name);
        if (!keypoints.isEmpty()) {
            json.name("keypoints").beginArray();
            for (String keypoint : keypoints) {
                json.value(keypoint);
            }
            json.endArray().name("skeleton").beginArray().endArray();
        }
        json.endObject();
    }

    private static void region(JsonWriter json, Annotation annotation, LabelledImage image) throws IOException {
        @Nullable Box box = annotation.bounds();
        Point single = annotation.points().values().stream()
                .map(Annotation.Keypoint::at)
                .findFirst()
                .orElse(new Point(0, 0));
        json.name("bbox").beginArray();
        json.value(Numbers.pixels(box == null ? single.x() : box.left()));
        json.value(Numbers.pixels(box == null ? single.y() : box.top()));
        json.value(Numbers.pixels(box == null ? 0 : box.right() - box.left()));
        json.value(Numbers.pixels(box == null ? 0 : box.bottom() - box.top())).endArray();
        @Nullable Mask mask = annotation.mask();
        double area = mask != null
                ? mask.area()
                : annotation.polygons().isEmpty()
                        ? box == null ? 0 : (box.right() - box.left()) * (box.bottom() - box.top())
                        : Numbers.areaOf(annotation.polygons());
        json.name("area").value(Numbers.pixels(area));
        json.name("iscrowd").value(annotation.crowd() ? 1 : 0);
        json.name("segmentation");
        if (mask != null) {
            json.beginObject().name("size").beginArray();
            json.value(image.size().height()).value(image.size().width()).endArray();
            json.name("counts").value(MaskRle.text(MaskRle.counts(mask))).endObject();
            return;
        }
        json.beginArray();
        for (List<Point> polygon : annotation.polygons()) {
            json.beginArray();
            for (Point corner : polygon) {
                json.value(Numbers.pixels(corner.x())).value(Numbers.pixels(corner.y()));
            }
            json.endArray();
        }
        json.endArray();
    }

    private static void keypoints(JsonWriter json, Annotation annotation, List<String> names) throws IOException {
        if (names.isEmpty()) {
            return;
        }
        json.name("keypoints").beginArray();
        for (String name : names) {
            Annotation.@Nullable Keypoint point = annotation.points().get(name);
            json.value(point == null ? 0 : Numbers.pixels(point.at().x()));
            json.value(point == null ? 0 : Numbers.pixels(point.at().y()));
            json.value(point == null ? 0 : 2);
        }
        json.endArray().name("num_keypoints").value(annotation.points().size());
        json.name("keypoint_scores").beginArray();
        for (String name : names) {
            Annotation.@Nullable Keypoint point = annotation.points().get(name);
            json.value(point == null ? 0 : Numbers.share(point.confidence()));
        }
        json.endArray();
    }
}
