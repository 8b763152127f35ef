/** Tensor operations that DJL lacks, as TorchScript methods loaded from memory, and model weights bound to them. */
@NullMarked
package io.github.dhf4j.tensor;

import org.jspecify.annotations.NullMarked;
