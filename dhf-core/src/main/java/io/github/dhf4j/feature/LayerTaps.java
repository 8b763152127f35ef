package io.github.dhf4j.feature;

import java.util.List;

/**
 * Layers by number: of a UNet its decoder's residual blocks, of a residual network its maps.
 *
 * @param layers 1..L; empty for all
 */
public record LayerTaps(List<Integer> layers) implements Taps {
    /** All layers. */
    public static final LayerTaps ALL = new LayerTaps(List.of());

    /**
     * Checks and copies.
     *
     * @param layers as above
     */
    public LayerTaps {
        layers = SettingsChecks.counted("layers", layers);
    }

    @Override
    public LayerTaps withLayers(List<Integer> tapped) {
        return new LayerTaps(tapped);
    }
}
