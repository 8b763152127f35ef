package io.github.dhf4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of this process, from Linux' /proc. */
final class Resident {
    private Resident() {}

    /** Begins a new peak at what is resident now. */
    static void resetPeak() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        } catch (IOException e) {
            throw new UncheckedIOException("peaks can be measured on Linux only", e);
        }
    }

    static double nowMegabytes() {
        return read("VmRSS:");
    }

    static double peakMegabytes() {
        return read("VmHWM:");
    }

    private static double read(String key) {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                            .filter(line -> line.startsWith(key))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElse(0)
                    / 1024.0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
