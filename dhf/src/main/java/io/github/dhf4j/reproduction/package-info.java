/**
 * The paper's experiments for checkpoints and data sets of one's own: {@link io.github.dhf4j.reproduction.Table1} lays
 * out its Table 1, {@link io.github.dhf4j.reproduction.TrainingRecipe} trains weights as it does.
 */
@NullMarked
package io.github.dhf4j.reproduction;

import org.jspecify.annotations.NullMarked;
