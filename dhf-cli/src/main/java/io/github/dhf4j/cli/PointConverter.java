package io.github.dhf4j.cli;

import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code x,y} in pixels. */
final class PointConverter implements ITypeConverter<Point> {
    @Override
    public Point convert(String text) {
        String[] parts = text.split(",", -1);
        try {
            if (parts.length == 2) {
                return new Point(Double.parseDouble(parts[0].strip()), Double.parseDouble(parts[1].strip()));
            }
        } catch (IllegalArgumentException e) {
            // answered below
        }
        throw new TypeConversionException("point must be x,y in pixels, such as 120,64.5, got '" + text + "'");
    }

    /** Refuses points that no pixel of the image is at, before anything is made of it. */
    static void requireInside(List<Point> points, Size image) {
        for (Point point : points) {
            if (!point.equals(point.within(image))) {
                throw new IllegalArgumentException("point must lie in the source image, got " + point
                        + " for an image of " + image + " pixels; x goes right, y down, both from 0");
            }
        }
    }
}
