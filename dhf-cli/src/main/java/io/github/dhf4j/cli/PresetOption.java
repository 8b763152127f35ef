package io.github.dhf4j.cli;

import io.github.dhf4j.Preset;
import io.github.dhf4j.io.hub.ModelPath;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A published model by one word, where a checkpoint may be named. */
final class PresetOption {
    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description =
                    "A published model and how it is matched with, in place of --model, fetched if need be: paper, one-step, sdv2-1, dift, cleandift, dinov2-small, dinov2-base, dino-vits8 or marco. Its licence and size are said first.")
    @Nullable
    Preset preset;

    void requireAlone(@Nullable ModelPath model) {
        if (preset != null && model != null) {
            throw new IllegalArgumentException("one of --model and --preset must be given, got both");
        }
    }
}
