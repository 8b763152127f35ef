package io.github.dhf4j.unlabelled;

/**
 * How correspondences are made of pictures.
 *
 * @param warp how far warps go
 * @param points of a warp at most
 * @param matches with how many others of its category each picture is matched; 0 for warps alone
 * @param agreement share of the ways over a third picture that must agree with a match, 0 to 1
 * @param fewest matches that a pair must have
 * @param seed of all choices
 */
public record UnlabelledPlan(
        WarpSettings warp, int points, int matches, double agreement, int fewest, long seed) {}
