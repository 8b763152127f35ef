package io.github.dhf4j.transfer;

import io.github.dhf4j.feature.CellProducts;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some cells of several maps as one map of a single row, whose places are the cells' numbers. */
final class CellBag {
    /** Those cells of a map of which {@code inside} is {@code wanted}. */
    record Cells(DescriptorMap map, boolean[] inside, boolean wanted) {
        int count() {
            int count = 0;
            for (boolean each : inside) {
                count += each == wanted ? 1 : 0;
            }
            return count;
        }
    }

    private CellBag() {}

    /** Null where there is no cell. */
    static @Nullable DescriptorMap of(List<Cells> parts) {
        int total = parts.stream().mapToInt(Cells::count).sum();
        if (total == 0) {
            return null;
        }
        int channels = parts.get(0).map().channels();
        float[] values = new float[channels * total];
        int at = 0;
        for (Cells part : parts) {
            int cells = part.inside().length;
            for (int i = 0; i < cells; i++) {
                if (part.inside()[i] == part.wanted()) {
                    for (int c = 0; c < channels; c++) {
                        values[c * total + at] = part.map().values()[c * cells + i];
                    }
                    at++;
                }
            }
        }
        Size row = new Size(total, 1);
        DescriptorMap first = parts.get(0).map();
        DescriptorMap bag = new DescriptorMap(channels, row, values, row, row).withOrigin(first.origin());
        return first.products() == null ? bag : bag.withProducts(new CellProducts(1.0 / total, 1));
    }

    /** The number of the cell at a place of such a map. */
    static int cell(Point place) {
        return (int) Math.rint(place.x());
    }
}
