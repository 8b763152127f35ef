package io.github.dhf4j.matching;

import io.github.dhf4j.image.Size;

/** What {@link Localizer#USUAL} is, which {@link Localizer#meant} replaces before a place is looked for. */
record Usual() implements Localizer {
    @Override
    public Point locate(float[] similarities, Size grid, Size cells, int best) {
        return NEAREST.locate(similarities, grid, cells, best);
    }

    @Override
    public String word() {
        return NEAREST.word();
    }
}
