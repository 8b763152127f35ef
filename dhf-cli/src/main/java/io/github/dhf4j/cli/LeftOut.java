package io.github.dhf4j.cli;

import io.github.dhf4j.io.Texts;
import java.io.PrintWriter;
import java.util.List;

/** A line of the pictures that a training goes on without, where there are some. */
final class LeftOut {
    private LeftOut() {}

    static void say(List<String> pictures, PrintWriter print) {
        if (!pictures.isEmpty()) {
            print.printf("%d pictures that cannot be read left out: %s%n", pictures.size(), Texts.some(pictures));
        }
    }
}
