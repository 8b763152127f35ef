package io.github.dhf4j.spi;

import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What lies at a path, as providers look at it to say whether it is theirs. Each configuration and header is read once,
 * however many ask; nothing stays open. For one thread.
 */
public final class CheckpointPath {
    private final Path path;
    private final Map<String, Optional<JsonObject>> configs = new HashMap<>();
    private Optional<Set<String>> names = Optional.empty();

    /**
     * Looks at nothing yet.
     *
     * @param path a folder or file, which may not exist
     */
    public CheckpointPath(Path path) {
        this.path = path;
    }

    /**
     * The path.
     *
     * @return as it was given
     */
    public Path path() {
        return path;
    }

    /**
     * Whether it is a folder.
     *
     * @return whether there is one
     */
    public boolean isFolder() {
        return Files.isDirectory(path);
    }

    /**
     * A configuration of a folder.
     *
     * @param name such as {@code config.json}
     * @return its object; empty if there is no such file, or none that can be read, which whoever opens it tells
     */
    public Optional<JsonObject> config(String name) {
        return configs.computeIfAbsent(name, this::read);
    }

    private Optional<JsonObject> read(String name) {
        Path file = path.resolve(name);
        try {
            return Files.isRegularFile(file) ? Optional.of(Json.readObject(file)) : Optional.empty();
        } catch (IOException e) {
            // whoever opens it tells the reason
            return Optional.empty();
        }
    }

    /**
     * The tensors of a single file.
     *
     * @return their names; none if it is a folder, or no file of tensors that can be read
     */
    public Set<String> tensors() {
        if (names.isEmpty()) {
            names = Optional.of(readNames());
        }
        return names.get();
    }

    private Set<String> readNames() {
        if (!Files.isRegularFile(path)) {
            return Set.of();
        }
        try (TensorFile file = TensorFile.open(path)) {
            return Collections.unmodifiableSet(
                    new LinkedHashSet<>(file.tensors().keySet()));
        } catch (IOException e) {
            // whoever opens it tells the reason
            return Set.of();
        }
    }
}
