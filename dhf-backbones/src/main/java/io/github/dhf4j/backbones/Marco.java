package io.github.dhf4j.backbones;

import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Forward;
import io.github.dhf4j.feature.LayerTaps;
import java.util.List;

/**
 * MARCO: adapters inside a DINOv2 with registers, and a head that doubles its last map twice. To be given as the weights of such a
 * checkpoint. Its descriptors are compared by plain products, cell by cell.
 *
 * <p>Source: MARCO, arXiv 2604.18267, and its authors' release.
 */
public final class Marco {
    /** The one map that comes of the network. */
    static final int LAYER = 1;

    private static final int SIDE = 770;
    private static final int FREE_SIDE = 840;

    private Marco() {}

    /**
     * As its authors score SPair-71k: images squashed to 770 x 770.
     *
     * @return settings of the one map
     */
    public static ExtractionSettings paper() {
        return settings(new Forward(), SIDE);
    }

    /**
     * As its authors use it on any images: the longest side at 840 pixels, the rest of the square left empty. At 770 they score
     * PF-PASCAL and AP-10K so.
     *
     * @return settings of the one map
     */
    public static ExtractionSettings padded() {
        return settings(new Forward(true), FREE_SIDE);
    }

    private static ExtractionSettings settings(Forward forward, int side) {
        return new ExtractionSettings(forward, new LayerTaps(List.of(LAYER)), side);
    }
}
