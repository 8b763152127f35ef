/**
 * Points, correspondences, the seam behind which matchers live, and the first of them: nearest neighbours of descriptors by
 * cosine, without ever building a full-resolution descriptor map. Begin at {@link io.github.dhf4j.matching.Point},
 * {@link io.github.dhf4j.matching.Correspondence} and {@link io.github.dhf4j.matching.MatchOptions}, or, for maps of your own, at
 * {@link io.github.dhf4j.matching.CosineMatcher}. All of it may be imported.
 */
@NullMarked
package io.github.dhf4j.matching;

import org.jspecify.annotations.NullMarked;
