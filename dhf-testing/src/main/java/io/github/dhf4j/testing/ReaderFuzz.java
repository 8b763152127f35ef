package io.github.dhf4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gives a reader damaged copies of sound files and holds it to its promise: a result or an exception of the promised
 * kinds with a printable message under 400 characters that names the file, soon, and with nothing left open.
 *
 * <p>300 copies by default, {@code -Ddhf.fuzz=10000} for more. What fails is kept in {@code target/fuzz}.
 */
public final class ReaderFuzz {
    private static final int PARTS = 4;
    private static final int COUNT = Math.max(PARTS, Integer.getInteger("dhf.fuzz", 300));
    private static final int MAX_MESSAGE = 400;
    private static final double MAX_SECONDS = 5;
    private static final double MAX_NATIVE_MEGABYTES = 32;
    private static final int FOLDER_LENGTH = 75;

    private final String name;
    private final Path file;
    private final List<byte[]> seeds;
    private final Map<String, String> failures = new LinkedHashMap<>();

    private ReaderFuzz(String name, Path file, List<byte[]> seeds) {
        this.name = name;
        this.file = file;
        this.seeds = seeds;
    }

    /** Reads a file or the folder it is in. */
    @FunctionalInterface
    public interface Reader {
        void read(Path file) throws Exception;
    }

    /**
     * A file that is there and sound.
     *
     * @param name of the case, for messages
     * @param file is overwritten by damaged copies, and sound again at the end
     * @param others are mixed into it
     */
    public static ReaderFuzz of(String name, Path file, byte[]... others) throws IOException {
        List<byte[]> seeds = new ArrayList<>(List.of(Files.readAllBytes(file)));
        seeds.addAll(List.of(others));
        return new ReaderFuzz(name, file, seeds);
    }

    /** A folder in a temporary one, whose path is as long as paths are. */
    public static Path folder(Path temporary) throws IOException {
        int missing = FOLDER_LENGTH - temporary.toString().length() - 1;
        return Files.createDirectories(temporary.resolve("f".repeat(Math.max(1, missing))));
    }

    /** Reads the sound file, then the damaged ones. */
    public void check(Reader reader) throws Exception {
        reader.read(file);
        Mutations mutations = new Mutations(seeds);
        double before = Double.NaN;
        double grown = Double.POSITIVE_INFINITY;
        long start = System.nanoTime();
        int refused = 0;
        for (int number = 0; number < COUNT; number++) {
            byte[] bytes = mutations.get(number);
            Files.write(file, bytes);
            if (!holds(reader, number, bytes)) {
                refused++;
            }
            if ((number + 1) % (COUNT / PARTS) == 0) {
                // the first part warms up; a leak grows in every other, the virtual machine in some
                double now = nativeMegabytes();
                grown = Double.isNaN(before) ? grown : Math.min(grown, now - before);
                before = now;
            }
        }
        Files.write(file, seeds.get(0));
        System.out.printf(
                "fuzz %s: %d of %d refused, %.1f s, %.0f MB more in a quarter%n",
                name, refused, COUNT, (System.nanoTime() - start) / 1e9, grown);
        assertThat(failures.values()).as(name).isEmpty();
        assertThat(open()).as(name + ": files left open or mapped").isEmpty();
        assertThat(grown).as(name + ": native memory").isLessThan(MAX_NATIVE_MEGABYTES);
    }

    private boolean holds(Reader reader, int number, byte[] bytes) throws IOException {
        long start = System.nanoTime();
        Throwable thrown = null;
        try {
            reader.read(file);
        } catch (Throwable e) {
            thrown = e;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        String complaint = seconds > MAX_SECONDS ? "took " + seconds + " s" : thrown == null ? null : judge(thrown);
        if (complaint != null) {
            String kind = complaint.replaceAll("[0-9]+", "0") + (thrown == null ? "" : origin(thrown));
            if (!failures.containsKey(kind)) {
                Path kept = Files.createDirectories(Path.of("target", "fuzz")).resolve(name + "-" + number);
                Files.write(kept, bytes);
                failures.put(
                        kind,
                        "\nmutation " + number + " (" + kept + ") " + complaint
                                + (thrown == null ? "" : ": " + abbreviate(thrown) + origin(thrown)));
            }
        }
        return thrown == null;
    }

    /** What is wrong with an exception, or null. */
    private @Nullable String judge(Throwable thrown) {
        if (!(thrown instanceof IOException)) {
            return "threw no IOException";
        }
        String message = thrown.getMessage();
        if (message == null || message.isBlank()) {
            return "has no message";
        }
        if (message.length() >= MAX_MESSAGE) {
            return "has a message of " + message.length();
        }
        if (!message.codePoints().allMatch(ReaderFuzz::isPrintable)) {
            return "has a message that does not print";
        }
        return message.contains(root().toString()) ? null : "does not name the file";
    }

    /** The folder that {@link #folder} made, or that of the file. */
    private Path root() {
        Path parent = Objects.requireNonNull(file.toAbsolutePath().getParent());
        for (Path path = parent; path != null && path.getFileName() != null; path = path.getParent()) {
            if (path.getFileName().toString().matches("f+")) {
                return path;
            }
        }
        return parent;
    }

    private static boolean isPrintable(int code) {
        int type = Character.getType(code);
        return code != 0xfffd
                && type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.PRIVATE_USE
                && type != Character.UNASSIGNED
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }

    private static String abbreviate(Throwable thrown) {
        String text = thrown.getClass().getName() + ": " + thrown.getMessage();
        return text.length() > 600 ? text.substring(0, 600) + "..." : text;
    }

    private static String origin(Throwable thrown) {
        StringBuilder frames = new StringBuilder();
        int shown = 0;
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (shown == 0 || (shown < 4 && frame.getClassName().startsWith("io.github.dhf4j"))) {
                frames.append("\n    at ").append(frame);
                shown++;
            }
        }
        return frames.toString();
    }

    /** What of the folder this process holds open or mapped, where the system tells. */
    private List<String> open() throws IOException {
        String folder = root().toRealPath().toString();
        List<String> found = new ArrayList<>();
        if (Files.isDirectory(Path.of("/proc/self/fd"))) {
            try (Stream<Path> handles = Files.list(Path.of("/proc/self/fd"))) {
                handles.forEach(handle -> {
                    try {
                        found.add(Files.readSymbolicLink(handle).toString());
                    } catch (IOException e) {
                        // closed meanwhile
                    }
                });
            }
            found.addAll(Files.readAllLines(Path.of("/proc/self/maps")));
        }
        found.removeIf(text -> !text.contains(folder));
        return found;
    }

    /** Resident memory outside of the Java heap, which lies at low addresses. 0 where the system does not tell. */
    private static double nativeMegabytes() {
        System.gc();
        Path maps = Path.of("/proc/self/smaps");
        double kilobytes = 0;
        try (Stream<String> lines = Files.exists(maps) ? Files.lines(maps) : Stream.empty()) {
            boolean high = false;
            for (String line : (Iterable<String>) lines::iterator) {
                if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                    high = line.indexOf('-') > 10 && !line.contains("/");
                } else if (high && line.startsWith("Rss:")) {
                    kilobytes += Double.parseDouble(line.replaceAll("[^0-9]", ""));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return kilobytes / 1024;
    }
}
