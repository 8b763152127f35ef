package io.github.dhf4j.feature;

import java.util.List;

/** Which maps of a network are taken, and what of them. Immutable. */
public sealed interface Taps permits LayerTaps, BlockTaps, TokenTaps {
    /**
     * The layers, by the numbers that the network gives them.
     *
     * @return 1..L, each once; empty for all, and for taps by name until a network numbers them
     */
    List<Integer> layers();

    /**
     * The same of other layers.
     *
     * @param tapped layers 1..L; empty for all
     * @return a changed copy
     */
    Taps withLayers(List<Integer> tapped);

    /**
     * As token taps, for vision transformers.
     *
     * @return these, or those that take tokens as they are of the same layers
     */
    default TokenTaps tokens() {
        return new TokenTaps(layers(), Facet.TOKEN, 0, false, false);
    }
}
