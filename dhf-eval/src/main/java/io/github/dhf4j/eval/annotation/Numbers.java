package io.github.dhf4j.eval.annotation;

import io.github.dhf4j.matching.Point;

/** Numbers for other tools: hundredths of pixels, ten-thousandths of confidence. */
final class Numbers {
    private Numbers() {}

    static double pixels(double value) {
        return Math.rint(100 * value) / 100;
    }

    static double share(double value) {
        return Math.rint(10_000 * value) / 10_000;
    }

    static double areaOf(Iterable<? extends java.util.List<Point>> polygons) {
        double area = 0;
        for (java.util.List<Point> polygon : polygons) {
            area += Math.abs(MaskOutline.area(polygon));
        }
        return area;
    }
}
