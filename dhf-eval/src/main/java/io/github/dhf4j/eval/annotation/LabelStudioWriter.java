package io.github.dhf4j.eval.annotation;

import com.google.gson.stream.JsonWriter;
import io.github.dhf4j.data.Box;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes tasks with predictions for Label Studio, places in percent of the picture, and beside them the labelling
 * configuration, {@code NAME.config.xml}. Pictures are named as its local files are.
 */
final class LabelStudioWriter {
    private static final String LOCAL_FILES = "/data/local-files/?d=";

    private LabelStudioWriter() {}

    static void write(LabelledSource images, Vocabulary words, Path root, Path out) throws IOException {
        JsonStream.write(out, json -> {
            json.beginArray();
            images.forEach(image -> {
                json.beginObject().name("data").beginObject().name("image");
                json.value(LOCAL_FILES + image.nameFrom(root)).endObject();
                json.name("predictions").beginArray().beginObject();
                json.name("model_version").value("dhf4j-" + Environment.version());
                json.name("score").value(Numbers.share(image.worst()));
                json.name("result").beginArray();
                new Regions(json, image.size()).write(image.annotations());
                json.endArray().endObject().endArray().endObject();
            });
            json.endArray();
        });
        Path config = out.resolveSibling(Texts.stem(out) + ".config.xml");
        AtomicFiles.write(config, temporary -> Files.writeString(temporary, configuration(words)));
    }

    /** The regions of one picture. */
    private static final class Regions {
        private final JsonWriter json;
        private final Size size;
        private int id;

        Regions(JsonWriter json, Size size) {
            this.json = json;
            this.size = size;
        }

        void write(List<Annotation> annotations) throws IOException {
            for (Annotation annotation : annotations) {
                @Nullable String parent = null;
                @Nullable Box box = annotation.box();
                if (box != null) {
                    parent = begin("rectanglelabels", annotation.confidence(), null);
                    place(new Point(box.left(), box.top()));
                    json.name("width").value(across(box.right() - box.left()));
                    json.name("height")
                            .value(down(box.bottom() - box.top()))
                            .name("rotation")
                            .value(0);
                    end("rectanglelabels", annotation.category());
                }
                for (List<Point> polygon : annotation.polygons()) {
                    String drawn = begin("polygonlabels", annotation.confidence(), parent);
                    parent = parent == null ? drawn : parent;
                    json.name("points").beginArray();
                    for (Point corner : polygon) {
                        json.beginArray()
                                .value(across(corner.x()))
                                .value(down(corner.y()))
                                .endArray();
                    }
                    json.endArray().name("closed").value(true);
                    end("polygonlabels", annotation.category());
                }
                @Nullable Mask mask = annotation.mask();
                if (mask != null) {
                    String painted = begin("brushlabels", annotation.confidence(), parent);
                    parent = parent == null ? painted : parent;
                    json.name("format").value("rle").name("rle").beginArray();
                    for (byte value : LabelStudioRle.of(mask)) {
                        json.value(value & 0xff);
                    }
                    json.endArray();
                    end("brushlabels", annotation.category());
                }
                for (String name : annotation.points().keySet()) {
                    Annotation.@Nullable Keypoint point = annotation.points().get(name);
                    if (point != null) {
                        begin("keypointlabels", point.confidence(), parent);
                        place(point.at());
                        json.name("width").value(0.75);
                        end("keypointlabels", name);
                    }
                }
            }
        }

        private String begin(String type, double confidence, @Nullable String parent) throws IOException {
            String name = "r" + ++id;
            json.beginObject().name("id").value(name).name("type").value(type);
            json.name("from_name").value(type).name("to_name").value("image");
            json.name("original_width").value(size.width());
            json.name("original_height")
                    .value(size.height())
                    .name("image_rotation")
                    .value(0);
            json.name("score").value(Numbers.share(confidence));
            if (parent != null) {
                json.name("parentID").value(parent);
            }
            json.name("value").beginObject();
            return name;
        }

        private void end(String type, String label) throws IOException {
            json.name(type).beginArray().value(label).endArray().endObject().endObject();
        }

        private void place(Point point) throws IOException {
            json.name("x").value(across(point.x())).name("y").value(down(point.y()));
        }

        private double across(double x) {
            return Numbers.share(100 * x / size.width());
        }

        private double down(double y) {
            return Numbers.share(100 * y / size.height());
        }
    }

    private static String configuration(Vocabulary words) {
        Set<String> keypoints = new LinkedHashSet<>();
        words.keypoints().values().forEach(keypoints::addAll);
        StringBuilder xml = new StringBuilder("<View>\n  <Image name=\"image\" value=\"$image\"/>\n");
        labels(xml, "RectangleLabels", words.categories());
        labels(xml, "PolygonLabels", words.categories());
        labels(xml, "BrushLabels", words.categories());
        labels(xml, "KeyPointLabels", keypoints);
        return xml.append("</View>\n").toString();
    }

    private static void labels(StringBuilder xml, String tag, Collection<String> values) {
        if (values.isEmpty()) {
            return;
        }
        String name = tag.toLowerCase(java.util.Locale.ROOT);
        xml.append("  <").append(tag).append(" name=\"").append(name).append("\" toName=\"image\">\n");
        for (String value : values) {
            String escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
            xml.append("    <Label value=\"").append(escaped).append("\"/>\n");
        }
        xml.append("  </").append(tag).append(">\n");
    }
}
