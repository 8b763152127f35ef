package io.github.dhf4j.eval.world;

/** An area of the plane, x right and y down. Only exact arithmetic and {@link StrictMath}: the same on every platform. */
interface Shape {
    boolean contains(double x, double y);

    static Shape ellipse(double cx, double cy, double rx, double ry, double degrees) {
        double cos = StrictMath.cos(StrictMath.toRadians(degrees));
        double sin = StrictMath.sin(StrictMath.toRadians(degrees));
        return (x, y) -> {
            double u = ((x - cx) * cos + (y - cy) * sin) / rx;
            double v = ((y - cy) * cos - (x - cx) * sin) / ry;
            return u * u + v * v <= 1;
        };
    }

    static Shape ring(double cx, double cy, double outer, double inner) {
        return (x, y) -> {
            double squared = (x - cx) * (x - cx) + (y - cy) * (y - cy);
            return squared <= outer * outer && squared >= inner * inner;
        };
    }

    /** A line with round ends, of a radius that changes from one to the other. */
    static Shape limb(double x0, double y0, double x1, double y1, double r0, double r1) {
        double dx = x1 - x0;
        double dy = y1 - y0;
        double length = Math.max(dx * dx + dy * dy, 1e-9);
        return (x, y) -> {
            double t = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / length));
            double ex = x - x0 - t * dx;
            double ey = y - y0 - t * dy;
            double r = r0 + (r1 - r0) * t;
            return ex * ex + ey * ey <= r * r;
        };
    }

    /** Corners as x, y, x, y, ...; even-odd. */
    static Shape polygon(double... corners) {
        return (x, y) -> {
            boolean inside = false;
            for (int i = 0, j = corners.length - 2; i < corners.length; j = i, i += 2) {
                double yi = corners[i + 1];
                double yj = corners[j + 1];
                if ((yi > y) != (yj > y) && x < (corners[j] - corners[i]) * (y - yi) / (yj - yi) + corners[i]) {
                    inside = !inside;
                }
            }
            return inside;
        };
    }
}
