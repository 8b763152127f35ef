package io.github.dhf4j.eval.pck;

import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.TextFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one pair of images costs from their files to the points, networks open, nothing cached.
 *
 * @param seconds of the second of two pairs; of the first alone where that took over a minute
 * @param peakMegabytes the whole process' largest resident memory meanwhile; NaN where the system does not tell it
 *     (elsewhere than Linux)
 */
public record PairCost(double seconds, double peakMegabytes) {
    private static final double LONG = 60;

    /**
     * Measures.
     *
     * @param finder the method, over features that are not cached
     * @param pairs the first, and the next one that shares no image with it, are taken
     * @return the cost
     * @throws IOException if an image cannot be read
     */
    public static PairCost measure(PointFinder finder, List<KeypointPair> pairs) throws IOException {
        boolean peaks = ResidentMemory.resetPeak();
        double seconds = 0;
        KeypointPair first = pairs.get(0);
        Set<Path> seen = new HashSet<>(List.of(first.source(), first.target()));
        List<KeypointPair> both = Stream.concat(
                        Stream.of(first),
                        pairs.stream()
                                .filter(pair -> !seen.contains(pair.source()) && !seen.contains(pair.target()))
                                .limit(1))
                .toList();
        for (KeypointPair pair : both) {
            if (seconds < LONG) {
                long began = System.nanoTime();
                finder.find(pair);
                seconds = (System.nanoTime() - began) / 1e9;
            }
        }
        return new PairCost(seconds, peaks ? ResidentMemory.peakMegabytes() : Double.NaN);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param file the file
     * @return the cost
     * @throws IOException if it cannot be read
     */
    public static PairCost read(Path file) throws IOException {
        try {
            String[] parts = TextFiles.read(file).strip().split(" ", -1);
            return new PairCost(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("file must hold seconds and megabytes (" + file + "); delete it", e);
        }
    }

    /**
     * Keeps the cost: seconds and megabytes, a blank between.
     *
     * @param file the file
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        AtomicFiles.write(file, path -> Files.writeString(path, seconds + " " + peakMegabytes + "\n"));
    }
}
