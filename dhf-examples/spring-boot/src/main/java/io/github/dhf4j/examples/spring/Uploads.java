package io.github.dhf4j.examples.spring;

import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.multipart.MultipartFile;

/** What clients send, as pictures and points. How many bytes a request may have, Spring's multipart limits say. */
final class Uploads {
    private final long maxPixels;

    Uploads(long maxPixels) {
        this.maxPixels = maxPixels;
    }

    /** What is answered with 400. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String reason, @Nullable Exception cause) {
            super(reason, cause);
        }
    }

    /** A picture, whose size is looked at before its pixels are decoded: a small file may hold a large one. */
    RgbImage picture(MultipartFile upload) {
        try {
            byte[] file = upload.getBytes();
            Size size = RgbImage.sizeOf(file, upload.getName());
            if ((long) size.width() * size.height() > maxPixels) {
                throw new Refused(
                        "picture must have at most " + maxPixels + " pixels, got " + size + " (" + upload.getName()
                                + "); scale it down",
                        null);
            }
            return RgbImage.read(file, upload.getName());
        } catch (IOException e) {
            throw new Refused(String.valueOf(e.getMessage()), e);
        }
    }

    /** Points such as {@code 120,80;64.5,30}. */
    static List<Point> points(String text) {
        List<Point> points = new ArrayList<>();
        for (String each : text.split(";", -1)) {
            String[] numbers = each.split(",", -1);
            try {
                if (numbers.length != 2) {
                    throw new NumberFormatException();
                }
                points.add(new Point(Double.parseDouble(numbers[0].strip()), Double.parseDouble(numbers[1].strip())));
            } catch (NumberFormatException e) {
                throw new Refused("points must be x,y;x,y in pixels of the first picture, got " + each, e);
            }
        }
        return points;
    }
}
