package io.github.dhf4j.matching;

import io.github.dhf4j.image.Size;

/** The pixel of the highest cosine, the first of several. */
public record Nearest() implements Localizer {
    @Override
    public Point locate(float[] cosines, Size grid, Size cells, int best) {
        int row = best / grid.width();
        return new Point(best - row * grid.width(), row);
    }

    @Override
    public String word() {
        return "nearest";
    }
}
