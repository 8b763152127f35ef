package io.github.dhf4j.eval.annotation;

import com.google.gson.stream.JsonWriter;
import io.github.dhf4j.data.Box;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.matching.Point;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes LabelMe's files, one a picture; shapes of one thing have one {@code group_id}. */
final class LabelMeWriter {
    private static final String VERSION = "5.5.0";

    private LabelMeWriter() {}

    static void write(LabelledSource images, Vocabulary words, Path root, Path out) throws IOException {
        Files.createDirectories(out);
        OutputFiles files = new OutputFiles(root, out, ".json");
        images.forEach(image -> {
            Path file = files.of(image);
            Path folder = file.toAbsolutePath().getParent();
            JsonStream.write(file, json -> {
                json.setIndent("  ");
                json.setSerializeNulls(true);
                json.beginObject()
                        .name("version")
                        .value(VERSION)
                        .name("flags")
                        .beginObject()
                        .endObject();
                json.name("shapes").beginArray();
                int group = 0;
                for (Annotation annotation : image.annotations()) {
                    shapes(json, annotation, ++group);
                }
                json.endArray().name("imagePath").value(image.nameFrom(folder == null ? root : folder));
                json.name("imageData").nullValue();
                json.name("imageHeight").value(image.size().height());
                json.name("imageWidth").value(image.size().width()).endObject();
            });
        });
    }

    private static void shapes(JsonWriter json, Annotation annotation, int group) throws IOException {
        @Nullable Box box = annotation.box();
        if (box != null) {
            List<Point> corners = List.of(new Point(box.left(), box.top()), new Point(box.right(), box.bottom()));
            shape(json, annotation.category(), "rectangle", corners, annotation.confidence(), group);
            json.endObject();
        }
        for (List<Point> polygon : annotation.polygons()) {
            shape(json, annotation.category(), "polygon", polygon, annotation.confidence(), group);
            json.endObject();
        }
        @Nullable Mask mask = annotation.mask();
        @Nullable Box bounds = mask == null ? null : mask.bounds();
        if (mask != null && bounds != null) {
            List<Point> corners =
                    List.of(new Point(bounds.left(), bounds.top()), new Point(bounds.right() - 1, bounds.bottom() - 1));
            shape(json, annotation.category(), "mask", corners, annotation.confidence(), group);
            json.name("mask").value(picture(mask, bounds)).endObject();
        }
        for (Map.Entry<String, Annotation.Keypoint> point : annotation.points().entrySet()) {
            Annotation.Keypoint of = point.getValue();
            shape(json, point.getKey(), "point", List.of(of.at()), of.confidence(), group);
            json.name("category").value(annotation.category()).endObject();
        }
    }

    private static void shape(
            JsonWriter json, String label, String type, List<Point> points, double confidence, int group)
            throws IOException {
        double share = Numbers.share(confidence);
        json.beginObject().name("label").value(label).name("points").beginArray();
        for (Point point : points) {
            JsonStream.point(json, point);
        }
        json.endArray().name("group_id").value(group);
        json.name("description").value(share == 1 ? "" : "confidence " + share);
        json.name("shape_type").value(type).name("flags").beginObject().endObject();
        json.name("confidence").value(share);
    }

    /** The part within its bounds as a PNG in base 64. */
    private static String picture(Mask mask, Box bounds) throws IOException {
        int left = (int) bounds.left();
        int top = (int) bounds.top();
        BufferedImage part = new BufferedImage(
                (int) bounds.right() - left, (int) bounds.bottom() - top, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < part.getHeight(); y++) {
            for (int x = 0; x < part.getWidth(); x++) {
                part.getRaster().setSample(x, y, 0, mask.at(x + left, y + top) ? 255 : 0);
            }
        }
        return Base64.getEncoder().encodeToString(PictureFiles.png(part));
    }
}
