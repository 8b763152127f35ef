/**
 * Training without key points: correspondences are made of pictures alone, first of each picture and random warps of it
 * ({@link io.github.dhf4j.unlabelled.PictureWarp}), then of matches between pictures of a category that agree both ways
 * and around a third picture ({@link io.github.dhf4j.unlabelled.CycleMatches}).
 * {@link io.github.dhf4j.unlabelled.UnlabelledTraining} does both.
 */
@NullMarked
package io.github.dhf4j.unlabelled;

import org.jspecify.annotations.NullMarked;
