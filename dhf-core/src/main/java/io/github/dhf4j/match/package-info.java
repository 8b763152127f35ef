/**
 * Points, correspondences, the seam behind which matchers live, and the first of them: nearest neighbours of descriptors by
 * cosine, without ever building a full-resolution descriptor map.
 */
@NullMarked
package io.github.dhf4j.match;

import org.jspecify.annotations.NullMarked;
