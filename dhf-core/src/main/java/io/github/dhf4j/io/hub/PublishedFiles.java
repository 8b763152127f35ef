package io.github.dhf4j.io.hub;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** The files of a repository, before they are fetched: for who chooses those that a network needs. */
public interface PublishedFiles {
    /**
     * The repository.
     *
     * @return its name, for messages
     */
    String name();

    /**
     * All files.
     *
     * @return their paths in the repository, with {@code /} between folders
     */
    Set<String> names();

    /**
     * Reads a configuration, which is fetched for it.
     *
     * @param path such as {@code model_index.json}
     * @return its object; empty if there is no such file
     * @throws IOException if it cannot be fetched, or is no JSON object
     */
    Optional<JsonObject> config(String path) throws IOException;
}
