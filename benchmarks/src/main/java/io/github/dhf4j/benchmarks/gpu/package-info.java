/** Checks and timings on a GPU, in a kit that needs no JDK, Maven or network; see {@code benchmarks/gpu}. */
@NullMarked
package io.github.dhf4j.benchmarks.gpu;

import org.jspecify.annotations.NullMarked;
