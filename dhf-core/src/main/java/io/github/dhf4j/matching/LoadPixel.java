package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.image.Size;

/** A pixel of an image at its load size, and the ways there ({@link PixelGrid}) and back. */
record LoadPixel(int x, int y) {
    static LoadPixel of(Point point, DescriptorMap map) {
        Size image = map.imageSize();
        Size load = map.loadSize();
        point.requireWithin(image);
        return new LoadPixel(
                PixelGrid.scale(point.x(), image.width(), load.width()),
                PixelGrid.scale(point.y(), image.height(), load.height()));
    }

    /** The pixel at an index, row by row. */
    static LoadPixel at(int index, DescriptorMap map) {
        int width = map.loadSize().width();
        int row = index / width;
        return new LoadPixel(index - row * width, row);
    }

    Point toImage(DescriptorMap map) {
        return toImage(x, y, map);
    }

    /** Back to the image's own pixels. */
    static Point toImage(double x, double y, DescriptorMap map) {
        return new Point(
                x * map.imageSize().width() / map.loadSize().width(),
                y * map.imageSize().height() / map.loadSize().height());
    }

    /** The centre of a map cell in the image's own pixels. */
    static Point cellCentre(int cell, DescriptorMap map) {
        int w = map.size().width();
        int row = cell / w;
        MapExtent extent = map.extent();
        double across = (cell - row * w + 0.5) / w * (extent.right() - extent.left()) + extent.left();
        double down = (row + 0.5) / map.size().height() * (extent.bottom() - extent.top()) + extent.top();
        double x = across * map.loadSize().width() - 0.5;
        double y = down * map.loadSize().height() - 0.5;
        return toImage(Math.max(x, 0), Math.max(y, 0), map);
    }
}
