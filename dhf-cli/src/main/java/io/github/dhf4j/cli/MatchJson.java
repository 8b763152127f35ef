package io.github.dhf4j.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.eval.pck.RunReport;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What {@code dhf match --json} writes; {@code docs/outputs.md} describes it. */
final class MatchJson {
    /** What the JSON says it is; a later form has another number. */
    static final String SCHEMA = "dhf.match/1";

    private final JsonObject root = new JsonObject();
    private FitReport fit = FitReport.NONE;

    MatchJson(String method, boolean bundled, Map<String, String> settings) {
        root.addProperty("schema", SCHEMA);
        root.addProperty("version", Environment.version());
        root.addProperty("created", RunReport.created());
        root.addProperty("pipeline", method);
        root.addProperty("bundled", bundled);
        JsonObject texts = new JsonObject();
        settings.forEach(texts::addProperty);
        root.add("settings", texts);
    }

    MatchJson images(RgbImage source, String sourceName, RgbImage target, String targetName) {
        root.add("source", image(source, sourceName));
        root.add("target", image(target, targetName));
        return this;
    }

    /** Which correspondences agree with a fit, and with what; nothing where none was asked for. */
    MatchJson fit(FitReport report) {
        fit = report;
        return this;
    }

    void write(List<Correspondence> found, Path path) throws IOException {
        JsonArray list = new JsonArray();
        for (Correspondence correspondence : found) {
            JsonObject item = new JsonObject();
            item.add("source", point(correspondence.source()));
            item.add("target", point(correspondence.target()));
            item.addProperty("similarity", correspondence.similarity());
            item.addProperty("confidence", correspondence.confidence());
            item.addProperty("absence", correspondence.absence());
            fit.addTo(item, correspondence);
            list.add(item);
        }
        fit.addTo(root);
        root.add("correspondences", list);
        String text = Json.pretty(root);
        if (Outputs.isStandard(path)) {
            System.out.write(text.getBytes(StandardCharsets.UTF_8));
            System.out.flush();
        } else {
            AtomicFiles.write(path, temporary -> Files.writeString(temporary, text));
        }
    }

    private static JsonObject image(RgbImage image, String path) {
        JsonObject object = new JsonObject();
        object.addProperty("path", path);
        object.addProperty("width", image.width());
        object.addProperty("height", image.height());
        return object;
    }

    private static JsonArray point(Point point) {
        return Json.array(List.of(point.x(), point.y()));
    }
}
