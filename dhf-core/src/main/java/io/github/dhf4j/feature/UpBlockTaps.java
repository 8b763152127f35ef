package io.github.dhf4j.feature;

import java.util.List;

/**
 * Outputs of a UNet's whole up blocks, which DIFT and others take. The extractor numbers them after its L layers: block 1
 * is layer L + 1.
 *
 * @param blocks 1 for the first, which has the coarsest maps
 */
public record UpBlockTaps(List<Integer> blocks) implements BlockTaps {
    /**
     * Checks and copies.
     *
     * @param blocks as above
     */
    public UpBlockTaps {
        blocks = SettingsChecks.named("up blocks", blocks);
    }
}
