package io.github.dhf4j.eval.homography;

import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.TextFiles;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Points of a detector that were kept: {@code SEQUENCE-NUMBER.kp}, a line a point, x and y with a blank between, further numbers
 * passed over. DIFT's authors publish 1,000 of SuperPoint's for each picture of HPatches in this form.
 *
 * @param folder where the files lie
 */
public record KeyPointFiles(Path folder) implements KeyPoints {
    @Override
    public List<Point> of(String sequence, int number, RgbImage picture) throws IOException {
        Path file = folder.resolve(sequence + "-" + number + ".kp");
        if (!Files.isRegularFile(file)) {
            throw new IOException("key points must be there for each picture, got no " + file);
        }
        Set<Point> points = new LinkedHashSet<>();
        List<String> lines = TextFiles.lines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                try {
                    String[] numbers = lines.get(i).strip().split("[\\s,]+", -1);
                    Point point = new Point(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
                    point.requireWithin(picture.size());
                    points.add(point);
                } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                    throw new IOException(
                            "key points must be x and y of a place in the picture, a line each, got "
                                    + Texts.shown(lines.get(i)) + " (" + file + ", line " + (i + 1) + ")",
                            e);
                }
            }
        }
        return List.copyOf(points);
    }
}
