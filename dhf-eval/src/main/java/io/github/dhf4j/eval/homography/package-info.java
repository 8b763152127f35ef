/**
 * How well descriptors tell which homography two pictures of one plane are apart: HPatches. Begin at
 * {@link io.github.dhf4j.eval.homography.HPatches} and {@link io.github.dhf4j.eval.homography.HomographyRun}.
 */
@NullMarked
package io.github.dhf4j.eval.homography;

import org.jspecify.annotations.NullMarked;
