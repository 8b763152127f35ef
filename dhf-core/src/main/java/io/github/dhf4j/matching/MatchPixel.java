package io.github.dhf4j.matching;

import io.github.dhf4j.feature.CellProducts;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.image.Size;

/**
 * A place of the grid that an image is matched on, and the ways there and back: whole pixels ({@link PixelGrid}), or of
 * descriptors that are compared by products ({@link CellProducts}) cells, between which a point may lie.
 */
record MatchPixel(double x, double y) {
    static MatchPixel of(Point point, DescriptorMap map) {
        Size image = map.imageSize();
        Size grid = map.matchSize();
        point.requireWithin(image);
        if (map.products() != null) {
            MapExtent extent = map.extent();
            return new MatchPixel(
                    between(point.x() / image.width(), extent.right(), grid.width()),
                    between(point.y() / image.height(), extent.bottom(), grid.height()));
        }
        return new MatchPixel(
                PixelGrid.scale(point.x(), image.width(), grid.width()),
                PixelGrid.scale(point.y(), image.height(), grid.height()));
    }

    private static double between(double share, double extent, int cells) {
        return Math.min(share / extent * cells, cells - 1);
    }

    /** The pixel at an index, row by row. */
    static MatchPixel at(int index, DescriptorMap map) {
        int width = map.matchSize().width();
        int row = index / width;
        return new MatchPixel(index - row * width, row);
    }

    /** The index of the pixel that a place of the image is on. */
    static int index(Point place, DescriptorMap map) {
        Size image = map.imageSize();
        Size grid = map.matchSize();
        CellProducts cells = map.products();
        if (cells == null) {
            return PixelGrid.index(place, image, grid);
        }
        int column = nearest(place.x() / (cells.stepX() * image.width()), grid.width());
        return column + grid.width() * nearest(place.y() / (cells.stepY() * image.height()), grid.height());
    }

    private static int nearest(double at, int cells) {
        return (int) Math.max(0, Math.min(cells - 1, Math.rint(at)));
    }

    Point toImage(DescriptorMap map) {
        return toImage(x, y, map);
    }

    /** Back to the image's own pixels. */
    static Point toImage(double x, double y, DescriptorMap map) {
        Size image = map.imageSize();
        CellProducts cells = map.products();
        if (cells != null) {
            return new Point(x * cells.stepX() * image.width(), y * cells.stepY() * image.height());
        }
        return new Point(
                x * image.width() / map.matchSize().width(),
                y * image.height() / map.matchSize().height());
    }

    /** The centre of a map cell in the image's own pixels. */
    static Point cellCentre(int cell, DescriptorMap map) {
        int w = map.size().width();
        int row = cell / w;
        if (map.products() != null) {
            return toImage(cell - row * w, row, map);
        }
        MapExtent extent = map.extent();
        double across = (cell - row * w + 0.5) / w * (extent.right() - extent.left()) + extent.left();
        double down = (row + 0.5) / map.size().height() * (extent.bottom() - extent.top()) + extent.top();
        double x = across * map.matchSize().width() - 0.5;
        double y = down * map.matchSize().height() - 0.5;
        return toImage(Math.max(x, 0), Math.max(y, 0), map);
    }
}
