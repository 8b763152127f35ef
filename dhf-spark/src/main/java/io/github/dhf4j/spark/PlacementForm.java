package io.github.dhf4j.spark;

import io.github.dhf4j.matching.Localizer;
import io.github.dhf4j.matching.Placement;
import io.github.dhf4j.matching.PlaneTransform;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** A {@link Placement} in a form that travels: a localizer by its word, the usual one by none. */
record PlacementForm(@Nullable String localizer, boolean smooth, PlaneTransform.@Nullable Kind fit, boolean mirrored)
        implements Serializable {
    static PlacementForm of(Placement placement) {
        Localizer localizer = placement.localizer();
        return new PlacementForm(
                localizer.equals(Localizer.USUAL) ? null : localizer.word(),
                placement.smooth(),
                placement.fit(),
                placement.mirrored());
    }

    Placement placement() {
        return new Placement(localizer == null ? Localizer.USUAL : Localizer.named(localizer), smooth, fit, mirrored);
    }
}
