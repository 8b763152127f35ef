package io.github.dhf4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.TensorFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The golden files of one tiny pipeline, and how close a tensor comes to one of them. */
public final class Golden implements AutoCloseable {
    private final Path folder;
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final TensorFile file;

    public Golden(String name) {
        folder = fixtures().resolve(name);
        try {
            file = TensorFile.open(folder.resolve("golden.safetensors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Path fixtures() {
        return Path.of(System.getProperty("dhf.fixtures", "../dhf-testing/fixtures"));
    }

    public Path pipeline() {
        return folder.resolve("pipeline");
    }

    public Path folder() {
        return folder;
    }

    public NDManager manager() {
        return manager;
    }

    public JsonObject json() throws IOException {
        return Json.readObject(folder.resolve("golden.json"));
    }

    public NDArray tensor(String name) throws IOException {
        return file.read(name, manager, DataType.FLOAT32);
    }

    /** A tensor of integers as it is. */
    public NDArray bytes(String name) throws IOException {
        return file.read(name, manager, DataType.UINT8);
    }

    /** Largest difference over the golden tensor's deviation. */
    public static double difference(NDArray actual, NDArray expected) {
        assertThat(actual.getShape()).isEqualTo(expected.getShape());
        float[] a = actual.toType(DataType.FLOAT32, false).toFloatArray();
        float[] e = expected.toFloatArray();
        double mean = 0;
        for (float value : e) {
            mean += value;
        }
        mean /= e.length;
        double variance = 0;
        double largest = 0;
        for (int i = 0; i < e.length; i++) {
            variance += (e[i] - mean) * (e[i] - mean);
            double difference = Math.abs((double) a[i] - e[i]);
            largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
        }
        return largest / Math.sqrt(variance / e.length);
    }

    public void assertClose(String name, @Nullable NDArray actual, double tolerance) throws IOException {
        try (NDArray expected = tensor(name)) {
            assertClose(name, actual, expected, tolerance);
        }
    }

    public static void assertClose(String name, @Nullable NDArray actual, NDArray expected, double tolerance) {
        assertThat(actual).as(name).isNotNull();
        double difference = difference(Objects.requireNonNull(actual), expected);
        System.out.printf("golden %-40s %.2e (at most %.0e)%n", name, difference, tolerance);
        assertThat(difference).as("first stage that differs: %s", name).isLessThanOrEqualTo(tolerance);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        manager.close();
    }
}
