package io.github.dhf4j.unlabelled;

/**
 * How correspondences are made of pictures.
 *
 * @param warps of each picture, 1 or more
 * @param warp how far they go
 * @param points of a pair at most
 * @param matches pairs of pictures of a category that are matched, for each picture; 0 for warps alone
 * @param seed of all choices
 */
public record UnlabelledPlan(int warps, WarpSettings warp, int points, int matches, long seed) {}
