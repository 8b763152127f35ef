package io.github.dhf4j.diffusion;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Two rendered pictures of one category and key points of the first.
 *
 * @param source the first picture
 * @param target the second picture
 * @param points key points of the first that the second shows too
 */
public record BundledPair(RgbImage source, RgbImage target, List<Point> points) {
    /**
     * Reads them.
     *
     * @return the pair
     * @throws IOException if the artifact dhf-tiny is not on the class path, or damaged
     */
    public static BundledPair load() throws IOException {
        JsonObject pair = Json.parseObject(new String(read("pair.json"), StandardCharsets.UTF_8));
        List<Point> points = new ArrayList<>();
        for (var point : pair.getAsJsonArray("source_points")) {
            JsonArray xy = point.getAsJsonArray();
            points.add(new Point(xy.get(0).getAsDouble(), xy.get(1).getAsDouble()));
        }
        return new BundledPair(
                image(pair.get("source_path").getAsString()),
                image(pair.get("target_path").getAsString()),
                points);
    }

    private static RgbImage image(String name) throws IOException {
        return RgbImage.read(read(name), name);
    }

    private static byte[] read(String name) throws IOException {
        try (InputStream in = BundledFiles.open("pair/" + name)) {
            return in.readAllBytes();
        }
    }
}
