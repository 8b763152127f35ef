/**
 * Tensor operations that DJL lacks, as TorchScript methods loaded from memory, and model weights bound to them. For who
 * writes a network; programs import {@link io.github.dhf4j.tensor.TorchRuntime}, where networks run, and
 * {@link io.github.dhf4j.tensor.DhfException}.
 */
@NullMarked
package io.github.dhf4j.tensor;

import org.jspecify.annotations.NullMarked;
