package io.github.dhf4j.spark;

import io.github.dhf4j.matching.Localizer;
import io.github.dhf4j.matching.MatchOptions;
import java.io.Serializable;

/** {@link MatchOptions} in a form that travels. */
record MatchSettings(boolean mutual, Place place) implements Serializable {
    /** Where a point is taken to be. */
    enum Place {
        USUAL,
        NEAREST,
        REFINED
    }

    /** Always asked how far a match can be trusted. */
    MatchOptions options(boolean cells) {
        MatchOptions options = new MatchOptions(mutual || cells, localizer(), true);
        return place == Place.REFINED ? options.refined() : options;
    }

    private Localizer localizer() {
        return place == Place.USUAL ? Localizer.USUAL : Localizer.NEAREST;
    }
}
