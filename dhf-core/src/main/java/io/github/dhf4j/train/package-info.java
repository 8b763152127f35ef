/** What every trainer needs: the optimiser with its state, learning rates, and seeded order. */
@NullMarked
package io.github.dhf4j.train;

import org.jspecify.annotations.NullMarked;
