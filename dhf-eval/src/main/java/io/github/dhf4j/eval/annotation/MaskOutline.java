package io.github.dhf4j.eval.annotation;

import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/** The outer contours of masks as polygons, for tools and formats that have no masks. Holes are not in them. */
public final class MaskOutline {
    /** Columns and rows to the right, down, left, up. */
    private static final int[] DX = {1, 0, -1, 0};

    private static final int[] DY = {0, 1, 0, -1};

    private MaskOutline() {}

    /**
     * The contours along the pixels' borders, largest first, each clockwise.
     *
     * @param mask any
     * @param tolerance how far in pixels a contour may lie from the pixels' borders; 0 for all of their corners
     * @return polygons, one a 4-connected part; empty for an empty mask
     */
    public static List<List<Point>> of(Mask mask, double tolerance) {
        List<List<Point>> rings = new ArrayList<>();
        for (List<Point> ring : new Tracing(mask).rings()) {
            List<Point> simpler = tolerance > 0 ? simplified(ring, tolerance) : ring;
            if (simpler.size() >= 3) {
                rings.add(simpler);
            }
        }
        rings.sort(Comparator.comparingDouble((List<Point> ring) -> -area(ring)));
        return rings;
    }

    /** Positive where the ring is clockwise on a screen, as outer ones are. */
    static double area(List<Point> ring) {
        double twice = 0;
        Point from = ring.get(ring.size() - 1);
        for (Point to : ring) {
            twice += from.x() * to.y() - to.x() * from.y();
            from = to;
        }
        return twice / 2;
    }

    /** Borders between pixels inside and outside, walked with the inside to the right. */
    private static final class Tracing {
        private final int stride;
        private final BitSet[] leaving = {new BitSet(), new BitSet(), new BitSet(), new BitSet()};

        Tracing(Mask mask) {
            Size size = mask.size();
            stride = size.width() + 1;
            BitSet bits = mask.bits();
            for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
                int y = i / size.width();
                int x = i - y * size.width();
                int corner = y * stride + x;
                if (!mask.at(x, y - 1)) {
                    leaving[0].set(corner);
                }
                if (!mask.at(x + 1, y)) {
                    leaving[1].set(corner + 1);
                }
                if (!mask.at(x, y + 1)) {
                    leaving[2].set(corner + stride + 1);
                }
                if (!mask.at(x - 1, y)) {
                    leaving[3].set(corner + stride);
                }
            }
        }

        List<List<Point>> rings() {
            List<List<Point>> rings = new ArrayList<>();
            for (int start = leaving[0].nextSetBit(0); start >= 0; start = leaving[0].nextSetBit(start)) {
                List<Point> ring = walk(start);
                if (area(ring) > 0) {
                    rings.add(ring);
                }
            }
            return rings;
        }

        private List<Point> walk(int start) {
            List<Point> ring = new ArrayList<>();
            int at = start;
            int direction = 0;
            do {
                ring.add(new Point(at % stride, at / stride));
                int straight = direction;
                do {
                    leaving[straight].clear(at);
                    at += DX[straight] + DY[straight] * stride;
                } while (at != start && !turns(at, straight) && leaving[straight].get(at));
                direction = next(at, straight);
            } while (at != start);
            return ring;
        }

        /** Right before straight on: parts that touch at a corner only are parts of their own. */
        private boolean turns(int at, int direction) {
            return leaving[(direction + 1) % 4].get(at);
        }

        private int next(int at, int direction) {
            int right = (direction + 1) % 4;
            return leaving[right].get(at) ? right : (direction + 3) % 4;
        }
    }

    /** Ramer-Douglas-Peucker of a closed line, cut where it is farthest from its first corner. */
    private static List<Point> simplified(List<Point> ring, double tolerance) {
        int far = 0;
        for (int i = 1; i < ring.size(); i++) {
            far = ring.get(i).distanceTo(ring.get(0)) > ring.get(far).distanceTo(ring.get(0)) ? i : far;
        }
        BitSet kept = new BitSet();
        kept.set(0);
        kept.set(far);
        List<Point> closed = new ArrayList<>(ring);
        closed.add(ring.get(0));
        List<int[]> open = new ArrayList<>(List.of(new int[] {0, far}, new int[] {far, ring.size()}));
        while (!open.isEmpty()) {
            int[] span = open.remove(open.size() - 1);
            int worst = -1;
            double most = tolerance;
            for (int i = span[0] + 1; i < span[1]; i++) {
                double off = fromLine(closed.get(i), closed.get(span[0]), closed.get(span[1]));
                if (off > most) {
                    most = off;
                    worst = i;
                }
            }
            if (worst >= 0) {
                kept.set(worst);
                open.add(new int[] {span[0], worst});
                open.add(new int[] {worst, span[1]});
            }
        }
        return kept.stream().mapToObj(closed::get).toList();
    }

    private static double fromLine(Point point, Point a, Point b) {
        double length = a.distanceTo(b);
        return length == 0
                ? point.distanceTo(a)
                : Math.abs((b.x() - a.x()) * (a.y() - point.y()) - (a.x() - point.x()) * (b.y() - a.y())) / length;
    }
}
