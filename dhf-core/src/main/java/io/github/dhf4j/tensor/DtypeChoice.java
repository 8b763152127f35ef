package io.github.dhf4j.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * The type that networks run fastest in on a device, without loss that matters: float16 on a GPU; on a CPU bfloat16 where
 * a measurement says that it pays, else float32. The measurement takes a second, once for a machine, an engine and a
 * number of threads: it is kept in {@code dtype.json} of the cache folder.
 *
 * @param dtype {@code FLOAT32}, {@code BFLOAT16} or {@code FLOAT16}
 * @param gain float32's time over bfloat16's, as it was measured; NaN where nothing was
 */
public record DtypeChoice(DataType dtype, double gain) {
    /** Below this, what is won is not worth the precision. */
    private static final double WORTH = 1.25;

    private static final String FILE = "dtype.json";
    private static final ScriptModule SCRIPT = ScriptModule.load(DtypeChoice.class, "dtype.py");

    /**
     * Chooses.
     *
     * @param device where networks are to run
     * @return the choice
     */
    public static DtypeChoice of(Device device) {
        return Devices.fastestType(device)
                .map(type -> new DtypeChoice(type, Double.NaN))
                .orElseGet(DtypeChoice::ofCpu);
    }

    private static DtypeChoice ofGain(double gain) {
        return new DtypeChoice(gain >= WORTH ? DataType.BFLOAT16 : DataType.FLOAT32, gain);
    }

    private static synchronized DtypeChoice ofCpu() {
        String machine =
                String.join(", ", processor(), TorchEngine.nameAndVersion(), EngineThreads.count() + " threads");
        Path file = Environment.cacheFolder().resolve(FILE);
        JsonObject kept = read(file);
        if (kept.has(machine)) {
            return ofGain(kept.get(machine).getAsDouble());
        }
        double gain = measure();
        kept.addProperty(machine, gain);
        try {
            Environment.makeCacheFolder(Environment.cacheFolder());
            AtomicFiles.write(file, temporary -> Files.writeString(temporary, kept.toString()));
        } catch (IOException e) {
            LoggerFactory.getLogger(DtypeChoice.class).debug("{} is not kept", file, e);
        }
        return ofGain(gain);
    }

    private static JsonObject read(Path file) {
        try {
            return Files.exists(file) ? Json.readObject(file) : new JsonObject();
        } catch (IOException | RuntimeException e) {
            // written by something else: measured anew
            return new JsonObject();
        }
    }

    /** The least of a few tries each, alternating: a convolution and a linear layer of Stable Diffusion's sizes. */
    private static double measure() {
        double[] best = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        DataType[] types = {DataType.FLOAT32, DataType.BFLOAT16};
        try (NDManager manager = TorchEngine.newManager(Device.cpu())) {
            NDArray picture = manager.randomNormal(new Shape(1, 320, 32, 32));
            NDArray kernel = manager.randomNormal(new Shape(320, 320, 3, 3));
            NDArray tokens = manager.randomNormal(new Shape(512, 640));
            NDArray weight = manager.randomNormal(new Shape(1280, 640));
            TensorList[] inputs = new TensorList[2];
            try {
                try (TensorList wide = TensorList.of(picture, kernel, tokens, weight)) {
                    for (int t = 0; t < 2; t++) {
                        inputs[t] = SCRIPT.runToList("cast", wide, ScalarTypes.code(types[t]));
                    }
                }
                for (int i = 0; i < 6; i++) {
                    for (int t = 0; t < 2; t++) {
                        long start = System.nanoTime();
                        SCRIPT.test("work", inputs[t], 4);
                        best[t] = Math.min(best[t], (double) (System.nanoTime() - start));
                    }
                }
            } finally {
                for (TensorList input : inputs) {
                    if (input != null) {
                        input.close();
                    }
                }
            }
        }
        return best[0] / best[1];
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElseGet(DtypeChoice::architecture);
        } catch (IOException | RuntimeException e) {
            return architecture();
        }
    }

    private static String architecture() {
        return System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }

    /**
     * The choice in words.
     *
     * @return such as {@code bfloat16, 2.0 times as fast as float32 here}
     */
    @Override
    public String toString() {
        return dtype.toString().toLowerCase(Locale.ROOT)
                + (Double.isNaN(gain)
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                dtype == DataType.FLOAT32
                                        ? ", since bfloat16 is %.1f times as fast here"
                                        : ", %.1f times as fast as float32 here",
                                gain));
    }
}
