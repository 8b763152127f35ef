package io.github.dhf4j.feature;

/** Which tensor of a transformer block is the feature. */
public enum Facet {
    /** What attention is asked with, after the block's first norm and its linear layer. */
    QUERY,
    /** What attention looks for, likewise: the paper's row DINO. */
    KEY,
    /** What attention carries over, likewise. */
    VALUE,
    /** The block's output after both residual sums, without the network's final norm: the paper's row DINOv2. */
    TOKEN,
    /** The block's output after the network's final norm; of the last block only. */
    NORMED_TOKEN
}
