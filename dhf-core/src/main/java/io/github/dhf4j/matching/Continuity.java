package io.github.dhf4j.matching;

/**
 * What neighbours expect of one another: that they go to neighbouring places. A step of one cell to any side is free, so that
 * turned, mirrored and somewhat larger things cost nothing; each further cell costs {@code slope}, up to {@code cap}, which
 * is what a border between things costs.
 *
 * <p>Source: Felzenszwalb and Huttenlocher, Efficient Belief Propagation for Early Vision, 2006, whose truncated linear
 * distance this is, behind a free step.
 *
 * @param slope cost of a cell, counted across and down
 * @param cap the most that a step costs
 */
record Continuity(float slope, float cap) {
    /** How far a place's cost reaches: farther ones are not asked for less than {@code cap}. */
    int reach() {
        return (int) (cap / slope);
    }
}
