package io.github.dhf4j.transfer;

import io.github.dhf4j.eval.annotation.Mask;
import io.github.dhf4j.feature.CellInterpolation;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import java.util.BitSet;

/** From pixels to the cells of a map, and back. */
final class MapCells {
    private MapCells() {}

    /**
     * The cells of which at least half lies in a mask; where there is none, those of which the most does.
     *
     * @return row by row; all false for an empty mask
     */
    static boolean[] inside(DescriptorMap map, Mask mask) {
        Size size = map.size();
        int[] pixels = new int[size.width() * size.height()];
        int[] all = new int[pixels.length];
        int[] columns = new int[mask.size().width()];
        for (int x = 0; x < columns.length; x++) {
            columns[x] = (int) Math.floor(
                    map.extent().column((x + 0.5) / columns.length, map.size().width()) + 0.5);
        }
        for (int y = 0; y < mask.size().height(); y++) {
            int row = (int) Math.floor(map.extent()
                            .row((y + 0.5) / mask.size().height(), map.size().height())
                    + 0.5);
            for (int x = 0; x < columns.length; x++) {
                if (row >= 0 && row < size.height() && columns[x] >= 0 && columns[x] < size.width()) {
                    int cell = row * size.width() + columns[x];
                    all[cell]++;
                    pixels[cell] += mask.at(x, y) ? 1 : 0;
                }
            }
        }
        double most = 0;
        for (int i = 0; i < all.length; i++) {
            most = Math.max(most, pixels[i] / Math.max(1.0, all[i]));
        }
        boolean[] inside = new boolean[all.length];
        for (int i = 0; i < all.length; i++) {
            inside[i] = most > 0 && pixels[i] / Math.max(1.0, all[i]) >= Math.min(0.5, most);
        }
        return inside;
    }

    /** The pixels at which values of cells, interpolated between the cells' centres, are above 0. */
    static Mask pixels(DescriptorMap map, float[] values) {
        Size image = map.imageSize();
        CellInterpolation between = new CellInterpolation(map);
        BitSet bits = new BitSet();
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                if (between.at(values, x, y) > 0) {
                    bits.set(y * image.width() + x);
                }
            }
        }
        return new Mask(image, bits);
    }
}
