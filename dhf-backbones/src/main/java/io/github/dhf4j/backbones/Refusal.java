package io.github.dhf4j.backbones;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** What keeps a path from being opened as a checkpoint. */
final class Refusal {
    private Refusal() {}

    @FunctionalInterface
    interface Opening {
        Closeable open() throws IOException;
    }

    /** Opens and closes; empty if nothing keeps it. */
    static Optional<IOException> of(Opening opening) {
        try (Closeable opened = opening.open()) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }
}
