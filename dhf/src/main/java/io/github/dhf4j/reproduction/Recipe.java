package io.github.dhf4j.reproduction;

import java.io.IOException;

/** How a row is scored. */
@FunctionalInterface
interface Recipe {
    /** Scores a row of each seed that it is trained with, while its source is open. */
    void score(Row row, Bench bench) throws IOException;

    /** Opens the files that only this recipe reads, so that a wrong one is found before long work. */
    default void check(Table1Inputs inputs) throws IOException {
        // most read what their source opens
    }
}
