/** Nearest neighbours of descriptors by cosine, without ever building a full-resolution descriptor map. */
@NullMarked
package io.github.dhf4j.eval.match;

import org.jspecify.annotations.NullMarked;
