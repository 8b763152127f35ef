package io.github.dhf4j.feature;

import java.util.List;

/** Outputs of a UNet decoder's blocks, by their own numbers. The extractor gives them layer numbers after its L layers. */
public sealed interface BlockTaps extends Taps permits UpBlockTaps, DecoderBlockTaps {
    /**
     * The blocks.
     *
     * @return 1 for the first, which has the coarsest maps; each once, one at least
     */
    List<Integer> blocks();

    @Override
    default List<Integer> layers() {
        return List.of();
    }

    @Override
    default LayerTaps withLayers(List<Integer> tapped) {
        return new LayerTaps(tapped);
    }
}
