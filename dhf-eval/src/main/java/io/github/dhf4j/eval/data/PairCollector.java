package io.github.dhf4j.eval.data;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.match.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/** Takes what a reader finds, keeps what can be used, and counts what cannot. Nothing is dropped without a remark. */
final class PairCollector {
    private record Count(int times, String example) {}

    private final String name;
    private final List<KeypointPair> pairs = new ArrayList<>();
    private final Map<String, Count> counts = new LinkedHashMap<>();
    private final Map<Path, Optional<Size>> sizes = new HashMap<>();

    PairCollector(String name) {
        this.name = name;
    }

    /** Counts something that was left out or is odd. */
    void remark(String what, String example) {
        counts.merge(what, new Count(1, example), (a, b) -> new Count(a.times + 1, a.example));
    }

    void add(KeypointPair pair) throws IOException {
        if (pair.sourcePoints().isEmpty()) {
            remark("pairs without common points left out", pair.id());
            return;
        }
        Size source = size(pair.source());
        Size target = size(pair.target());
        if (source == null || target == null) {
            remark(
                    "pairs with a missing image left out",
                    String.valueOf(source == null ? pair.source() : pair.target()));
            return;
        }
        if (outside(pair.sourcePoints(), source) || outside(pair.targetPoints(), target)) {
            remark("pairs with points outside their image, which count at the border", pair.id());
        }
        pairs.add(pair);
    }

    /** A box from its corners; null with a remark if it has no area. */
    @Nullable
    Box box(double left, double top, double right, double bottom, String where) {
        if (right > left && bottom > top && Double.isFinite(right - left + bottom - top)) {
            return new Box(left, top, right, bottom);
        }
        remark("boxes without area left out", where);
        return null;
    }

    private static boolean outside(List<Point> points, Size size) {
        return points.stream()
                .anyMatch(point ->
                        point.x() < 0 || point.y() < 0 || point.x() > size.width() || point.y() > size.height());
    }

    /** From the file's header, once a file; null if there is no such file. */
    private @Nullable Size size(Path image) throws IOException {
        Optional<Size> known = sizes.get(image);
        if (known == null) {
            known = Files.isRegularFile(image) ? Optional.of(header(image)) : Optional.empty();
            sizes.put(image, known);
        }
        return known.orElse(null);
    }

    private static Size header(Path image) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(image.toFile())) {
            var readers = in == null ? null : ImageIO.getImageReaders(in);
            if (readers == null || !readers.hasNext()) {
                throw new IOException("image must be PNG, JPEG, GIF or BMP, got something else (" + image
                        + "); fetch the data set again");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                return new Size(reader.getWidth(0), reader.getHeight(0));
            } catch (RuntimeException e) {
                throw new IOException("image must be sound, got " + e + " (" + image + "); fetch it again", e);
            } finally {
                reader.dispose();
            }
        }
    }

    /** The data set, or an error where nothing can be used. */
    PairDataset finish(Path root) throws IOException {
        List<String> remarks = counts.entrySet().stream()
                .map(entry -> entry.getValue().times + " " + entry.getKey() + ", such as " + entry.getValue().example)
                .toList();
        if (pairs.isEmpty()) {
            throw new IOException("data set must have a pair that can be used, got none (" + root + ": "
                    + (remarks.isEmpty() ? "no pairs at all" : String.join("; ", remarks)) + ")");
        }
        return new PairDataset(name, pairs, remarks);
    }
}
