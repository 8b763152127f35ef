package io.github.dhf4j.feature;

import java.util.List;

/**
 * What the blocks of a UNet's decoder hand on: the output of a residual block and, where there is one, of the attention
 * after it, before any up-sampling. SD + DINO takes these. Of the L blocks of a decoder with U up blocks, the extractor
 * numbers the first layer L + U + 1.
 *
 * @param blocks 1..L, counted as layers are
 */
public record DecoderBlockTaps(List<Integer> blocks) implements BlockTaps {
    /**
     * Checks and copies.
     *
     * @param blocks as above
     */
    public DecoderBlockTaps {
        blocks = SettingsChecks.named("decoder blocks", blocks);
    }
}
