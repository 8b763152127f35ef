package io.github.dhf4j.eval.pck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of this process, from Linux' /proc. */
public final class ResidentMemory {
    private ResidentMemory() {}

    /**
     * Begins a new peak at what is resident now.
     *
     * @return whether the system can tell peaks
     */
    public static boolean resetPeak() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
            return true;
        } catch (IOException e) {
            // another system than Linux
            return false;
        }
    }

    /**
     * What is resident now.
     *
     * @return in units of 2^20 bytes
     * @throws IOException if the system does not tell it
     */
    public static double nowMegabytes() throws IOException {
        return read("VmRSS:");
    }

    /**
     * The most that was resident since {@link #resetPeak}.
     *
     * @return in units of 2^20 bytes
     * @throws IOException if the system does not tell it
     */
    public static double peakMegabytes() throws IOException {
        return read("VmHWM:");
    }

    private static double read(String key) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith(key))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElse(0)
                / 1024.0;
    }
}
