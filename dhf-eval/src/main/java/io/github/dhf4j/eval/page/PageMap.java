package io.github.dhf4j.eval.page;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.image.Size;

/**
 * A descriptor map as a page can carry it. Maps whose cells are matched and not pixels have many of them: they are averaged over squares
 * of cells, and compared by cosines with pixels as others are.
 */
final class PageMap {
    /** Cells along a side, at most: some megabytes a picture. */
    private static final int MOST = 96;

    private PageMap() {}

    static DescriptorMap of(DescriptorMap map) {
        if (map.products() == null) {
            return map;
        }
        Size size = map.size();
        int square = (size.longerSide() + MOST - 1) / MOST;
        Size coarse = new Size((size.width() + square - 1) / square, (size.height() + square - 1) / square);
        float[] values = new float[map.channels() * coarse.width() * coarse.height()];
        for (int c = 0, i = 0; c < map.channels(); c++) {
            for (int y = 0; y < coarse.height(); y++) {
                for (int x = 0; x < coarse.width(); x++, i++) {
                    values[i] = mean(map, c, x * square, y * square, square);
                }
            }
        }
        MapExtent extent = map.extent();
        return new DescriptorMap(map.channels(), coarse, values, map.imageSize(), map.loadSize())
                .withExtent(new MapExtent(
                        extent.left(),
                        extent.top(),
                        extent.right() * coarse.width() * square / size.width(),
                        extent.bottom() * coarse.height() * square / size.height()))
                .withOrigin(map.origin())
                .withConfidence(map.confidence());
    }

    private static float mean(DescriptorMap map, int channel, int left, int top, int square) {
        Size size = map.size();
        int right = Math.min(size.width(), left + square);
        int bottom = Math.min(size.height(), top + square);
        float sum = 0;
        for (int y = top; y < bottom; y++) {
            int row = (channel * size.height() + y) * size.width();
            for (int x = left; x < right; x++) {
                sum += map.values()[row + x];
            }
        }
        return sum / ((right - left) * (bottom - top));
    }
}
