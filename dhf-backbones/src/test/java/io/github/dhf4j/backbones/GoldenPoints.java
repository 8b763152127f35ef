package io.github.dhf4j.backbones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Key points of golden files, in pixels of the resized squares and of the images themselves. */
final class GoldenPoints {
    private GoldenPoints() {}

    static List<Point> of(JsonObject json, String key) {
        List<Point> points = new ArrayList<>();
        for (JsonElement point : json.getAsJsonArray(key)) {
            JsonArray xy = point.getAsJsonArray();
            points.add(new Point(xy.get(0).getAsDouble(), xy.get(1).getAsDouble()));
        }
        return points;
    }

    /** A method leads the points of a.png to the golden ones in b.png, both in their own pixels. */
    static void check(PointFinder finder, JsonObject points, int side, double tolerance) throws IOException {
        Path a = Golden.fixtures().resolve("images/a.png");
        Path b = Golden.fixtures().resolve("images/b.png");
        List<Point> source = of(points, "source_a_xy");
        KeypointPair pair = new KeypointPair("golden", a, b, source, source, List.of(), "none", null, null);
        PointFinder.Found found = finder.find(pair);
        Size size = RgbImage.read(b).size();
        assertThat(found.targetSize()).isEqualTo(size);
        List<Point> expected = of(points, "predicted_" + side + "_xy");
        assertThat(found.points()).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            Point inSquare = found.points().get(i).scaled(size, Size.square(side));
            assertThat(inSquare.x()).isCloseTo(expected.get(i).x(), within(tolerance));
            assertThat(inSquare.y()).isCloseTo(expected.get(i).y(), within(tolerance));
        }
    }
}
