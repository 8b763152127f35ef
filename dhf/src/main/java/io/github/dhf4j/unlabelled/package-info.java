/**
 * Training without key points: correspondences are made of pictures alone, of each picture and random warps of it
 * ({@link io.github.dhf4j.unlabelled.PictureWarp}), and of pictures of a category that are aligned with one another
 * ({@link io.github.dhf4j.unlabelled.JointAlignment}). {@link io.github.dhf4j.unlabelled.UnlabelledTraining} does both.
 */
@NullMarked
package io.github.dhf4j.unlabelled;

import org.jspecify.annotations.NullMarked;
