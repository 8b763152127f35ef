package io.github.dhf4j.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a training run is, in one file that appears whole: weights and optimiser state as tensors, and in the metadata
 * its progress and what it was started with. Seed and number of steps are the random state.
 */
public final class RunState {
    private static final String RUN = "run";
    private static final String PROGRESS = "progress";

    /** How runs that were begun with another version of this library are described. */
    @FunctionalInterface
    public interface Form {
        /** As runs that begin now. */
        Form AS_NOW = (kept, where) -> kept;

        /**
         * Reads a description.
         *
         * @param kept as the file has it
         * @param where the file, for messages
         * @return the same as it would be written now
         * @throws IOException if it is none
         */
        JsonObject read(JsonObject kept, String where) throws IOException;
    }

    private RunState() {}

    /**
     * Writes a state under a temporary name and moves it into place.
     *
     * @param path the file to be
     * @param tensors all that changes in the run, by name; borrowed
     * @param progress where the run is
     * @param run what the outcome depends on; a resumed run must have the same
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(Path path, Map<String, NDArray> tensors, RunProgress progress, JsonObject run)
            throws IOException {
        SafeTensorsWriter writer = new SafeTensorsWriter();
        tensors.forEach(writer::tensor);
        writer.metadata(RUN, run.toString())
                .metadata(PROGRESS, progress.toJson().toString())
                .write(path);
    }

    /**
     * Puts a state back in place.
     *
     * @param path a file that {@link #write} wrote
     * @param tensors what the file must hold, by name; changed in place
     * @param run what the run that goes on was started with
     * @param form how the file may describe the same
     * @param manager on whose device the tensors are; borrowed
     * @return where the run was
     * @throws IOException if the file is damaged, or of a run that was started otherwise
     */
    public static RunProgress read(
            Path path, Map<String, NDArray> tensors, JsonObject run, Form form, NDManager manager) throws IOException {
        try (TensorFile file = TensorFile.open(path);
                NDManager reading = manager.newSubManager()) {
            String kept = file.metadata().get(RUN);
            String progress = file.metadata().get(PROGRESS);
            if (kept == null || progress == null) {
                throw new IOException("checkpoint must carry 'run' and 'progress' in its metadata, got "
                        + Texts.some(file.metadata().keySet()) + " (" + path + "); is it another file?");
            }
            JsonObject begun = form.read(Json.parseObject(kept, "'run'", path.toString()), path.toString());
            // both as they are read: 1.0E-5 is written otherwise once it was
            requireSame("", Json.parseObject(begun.toString()), Json.parseObject(run.toString()), path);
            RunProgress at = RunProgress.of(Json.parseObject(progress, "'progress'", path.toString()), path);
            for (Map.Entry<String, NDArray> tensor : tensors.entrySet()) {
                file.require(tensor.getKey());
                try (NDArray value = file.read(tensor.getKey(), reading, DataType.FLOAT32)) {
                    if (!value.getShape().equals(tensor.getValue().getShape())) {
                        throw new IOException(
                                "tensor of a run must be " + tensor.getValue().getShape() + ", got "
                                        + file.require(tensor.getKey()) + " (" + path + "); delete it to begin anew");
                    }
                    WeightAverages.put(value, tensor.getValue());
                }
            }
            return at;
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new IOException(
                    "checkpoint must be sound, got " + Texts.reason(e) + " (" + path + "); delete it to begin anew", e);
        }
    }

    /** Names the one setting that differs, inside others by its way there. */
    private static void requireSame(String within, JsonObject kept, JsonObject run, Path path) throws IOException {
        for (String key : run.keySet()) {
            JsonElement now = run.get(key);
            JsonElement before = kept.get(key);
            if (now instanceof JsonObject inner && before instanceof JsonObject innerBefore) {
                requireSame(within + key + ".", innerBefore, inner, path);
            } else if (!String.valueOf(now).equals(String.valueOf(before))) {
                throw new IOException("a run must be resumed as it was begun, got " + within + key + " "
                        + Texts.shown(now) + " where it was " + Texts.shown(before) + " (" + path
                        + "); resume with the first values, or name another folder");
            }
        }
    }
}
