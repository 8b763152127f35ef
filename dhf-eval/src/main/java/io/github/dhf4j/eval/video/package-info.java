/**
 * Masks carried through videos by descriptors alone, and how close they come: DAVIS 2017's region similarity and contour
 * accuracy. Begin at {@link io.github.dhf4j.eval.video.Davis} and {@link io.github.dhf4j.eval.video.TrackingRun}; for videos of
 * one's own {@link io.github.dhf4j.eval.video.LabelPropagation} is enough.
 */
@NullMarked
package io.github.dhf4j.eval.video;

import org.jspecify.annotations.NullMarked;
