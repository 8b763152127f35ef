package io.github.dhf4j.transfer;

import com.google.gson.JsonObject;
import io.github.dhf4j.eval.annotation.AnnotationLines;
import io.github.dhf4j.eval.annotation.LabelledImage;
import io.github.dhf4j.eval.annotation.LabelledSource;
import io.github.dhf4j.io.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run has done so far: a text file whose first line says of what, then a line a picture. A line that was cut short
 * when a run was stopped is cut off; a file of another run is begun anew. Only digests are held in memory.
 */
final class TransferJournal implements AutoCloseable {
    private static final String SCHEMA = "dhf.transfer-journal/1";

    /**
     * A picture that is done.
     *
     * @param number of its line, 0 for the first picture
     * @param digest of its file
     * @param leftOut how many labels were
     */
    private record Done(int number, String digest, int leftOut) {}

    private final Path file;
    private final Path folder;
    private final Map<Path, Done> done = new HashMap<>();
    private final BufferedWriter out;
    private int lines;

    private TransferJournal(Path file, String key) throws IOException {
        this.file = file;
        Path parent = file.toAbsolutePath().getParent();
        this.folder = parent == null ? Path.of("").toAbsolutePath() : parent;
        if (!readAgain(key)) {
            done.clear();
            lines = 0;
            JsonObject head = new JsonObject();
            head.addProperty("schema", SCHEMA);
            head.addProperty("key", key);
            Files.writeString(file, head + "\n");
        }
        out = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
    }

    /** Goes on with a file of the same key, or begins one. */
    static TransferJournal open(Path file, String key) throws IOException {
        return new TransferJournal(file, key);
    }

    private boolean readAgain(String key) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        cutOff();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            String head = reader.readLine();
            if (head == null) {
                return false;
            }
            JsonObject first = Json.parseObject(head);
            if (!first.has("key") || !first.get("key").getAsString().equals(key)) {
                return false;
            }
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                JsonObject object = Json.parseObject(line);
                Path path = path(object.get("path").getAsString());
                done.put(
                        path,
                        new Done(
                                lines++,
                                object.get("digest").getAsString(),
                                object.get("left_out").getAsInt()));
            }
            return true;
        } catch (IOException | RuntimeException e) {
            return false; // a file of something else, or damaged: all of it is made anew
        }
    }

    /** What follows the last line end was not finished. */
    private void cutOff() throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long end = bytes.length();
            while (end > 0) {
                bytes.seek(end - 1);
                if (bytes.read() == '\n') {
                    break;
                }
                end--;
            }
            bytes.setLength(end);
        }
    }

    private Path path(String name) {
        return folder.resolve(name).normalize();
    }

    private static Path whole(Path image) {
        return image.toAbsolutePath().normalize();
    }

    boolean has(Path image, String digest) {
        @Nullable Done known = done.get(whole(image));
        return known != null && known.digest.equals(digest);
    }

    void add(LabelledImage image, String digest, int leftOut) throws IOException {
        Path path = whole(image.path());
        JsonObject line = AnnotationLines.line(image, name(path));
        line.addProperty("digest", digest);
        line.addProperty("left_out", leftOut);
        out.append(line.toString()).append('\n').flush();
        done.put(path, new Done(lines++, digest, leftOut));
    }

    private String name(Path path) {
        boolean oneRoot = folder.getRoot() != null && folder.getRoot().equals(path.getRoot());
        return (oneRoot ? folder.normalize().relativize(path) : path).toString().replace('\\', '/');
    }

    /** Labels that were left out, of some pictures. */
    int leftOut(Iterable<Path> images) {
        int sum = 0;
        for (Path image : images) {
            @Nullable Done known = done.get(whole(image));
            sum += known == null ? 0 : known.leftOut;
        }
        return sum;
    }

    /** The pictures of some files, in the order in which they were done; read from the file each time. */
    LabelledSource of(Iterable<Path> images) {
        Map<Integer, Path> wanted = new HashMap<>();
        for (Path image : images) {
            @Nullable Done known = done.get(whole(image));
            if (known != null) {
                wanted.put(known.number, image);
            }
        }
        return visitor -> {
            try (BufferedReader reader = Files.newBufferedReader(file)) {
                reader.readLine();
                int number = 0;
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    @Nullable Path image = wanted.get(number++);
                    if (image != null) {
                        visitor.visit(AnnotationLines.image(Json.parseObject(line), image));
                    }
                }
            }
        };
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** The run is over, and its result written. */
    void delete() throws IOException {
        close();
        Files.deleteIfExists(file);
    }
}
