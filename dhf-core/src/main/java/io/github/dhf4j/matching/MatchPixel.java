package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.image.Size;

/** A pixel of the grid that an image is matched on, and the ways there ({@link PixelGrid}) and back. */
record MatchPixel(int x, int y) {
    static MatchPixel of(Point point, DescriptorMap map) {
        Size image = map.imageSize();
        Size grid = map.matchSize();
        point.requireWithin(image);
        return new MatchPixel(
                PixelGrid.scale(point.x(), image.width(), grid.width()),
                PixelGrid.scale(point.y(), image.height(), grid.height()));
    }

    /** The pixel at an index, row by row. */
    static MatchPixel at(int index, DescriptorMap map) {
        int width = map.matchSize().width();
        int row = index / width;
        return new MatchPixel(index - row * width, row);
    }

    Point toImage(DescriptorMap map) {
        return toImage(x, y, map);
    }

    /** Back to the image's own pixels. */
    static Point toImage(double x, double y, DescriptorMap map) {
        return new Point(
                x * map.imageSize().width() / map.matchSize().width(),
                y * map.imageSize().height() / map.matchSize().height());
    }

    /** The centre of a map cell in the image's own pixels. */
    static Point cellCentre(int cell, DescriptorMap map) {
        int w = map.size().width();
        int row = cell / w;
        MapExtent extent = map.extent();
        double across = (cell - row * w + 0.5) / w * (extent.right() - extent.left()) + extent.left();
        double down = (row + 0.5) / map.size().height() * (extent.bottom() - extent.top()) + extent.top();
        double x = across * map.matchSize().width() - 0.5;
        double y = down * map.matchSize().height() - 0.5;
        return toImage(Math.max(x, 0), Math.max(y, 0), map);
    }
}
