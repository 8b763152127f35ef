package io.github.dhf4j.eval.homography;

/**
 * How far off the homography of a pair is.
 *
 * @param pair which
 * @param firstPoints how many key points the first picture has
 * @param secondPoints how many the second
 * @param matches how many of them are each other's nearest
 * @param inliers how many of these agree with the homography that was fitted
 * @param error mean distance of the first picture's four corners, as it sends them, from where they belong, in pixels of the
 *     second; infinite where none was found or a corner goes nowhere
 */
public record HomographyScore(
        HomographyPair pair, int firstPoints, int secondPoints, int matches, int inliers, double error) {}
