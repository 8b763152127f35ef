package io.github.dhf4j.benchmarks.gpu;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.cuda.CudaUtils;
import io.github.dhf4j.tensor.TorchEngine;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The checks of {@code benchmarks/gpu/run}, one a process. What was found goes to standard output, a line a finding. The
 * device is the engine's default: a GPU unless none is visible.
 */
public final class DeviceChecks {
    private DeviceChecks() {}

    /**
     * Runs one check.
     *
     * @param args its name, then what it needs; without a name they are listed
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        List<String> rest = List.of(args).subList(Math.min(1, args.length), args.length);
        switch (args.length == 0 ? "" : args[0]) {
            case "engine" -> engine();
            case "golden" -> GoldenCheck.run(Path.of(rest.get(0)));
            case "match" -> MatchCheck.run(type(rest.get(0)));
            case "train" -> TrainCheck.run(Path.of(rest.get(0)), Path.of(rest.get(1)));
            case "form" -> StableDiffusionForm.write(rest.get(0).equals("sd15"), Path.of(rest.get(1)));
            case "time" -> TimeCheck.describe(Path.of(rest.get(0)));
            case "stages" -> TimeCheck.stages(Path.of(rest.get(0)), type(rest.get(1)));
            default ->
                throw new IllegalArgumentException(
                        "check must be engine, golden FIXTURE, match DTYPE, train FOLDER CHECKPOINT,"
                                + " form sd15|small FOLDER, time CHECKPOINT or stages UNET DTYPE, got "
                                + List.of(args));
        }
    }

    private static DataType type(String name) {
        return DataType.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static void engine() {
        Engine engine = TorchEngine.get();
        TorchRuntime runtime = TorchRuntime.best();
        say(
                "engine %s, GPUs %d, default device %s",
                TorchEngine.nameAndVersion(), engine.getGpuCount(), runtime.device());
        say("capabilities: CUDA %s, MKLDNN %s", engine.hasCapability("CUDA"), engine.hasCapability("MKLDNN"));
        if (runtime.device().isGpu()) {
            say("CUDA %s, compute capability %s", CudaUtils.getCudaVersionString(), CudaUtils.getComputeCapability(0));
        }
        try (NDManager manager = runtime.newManager();
                NDArray a = manager.ones(new Shape(64, 64), DataType.FLOAT32);
                NDArray b = a.matMul(a)) {
            say("64 x 64 ones squared on %s: %.1f", b.getDevice(), b.getFloat(3, 3));
        }
        say("memory in use %s", memory());
    }

    /** Memory of the device that is taken, by whomever: what the engine once had it keeps, so this only grows. */
    static String memory() {
        TorchRuntime runtime = TorchRuntime.best();
        return runtime.device().isGpu()
                ? CudaUtils.getGpuMemory(runtime.device()).getCommitted() / (1 << 20) + " MiB"
                : "not measured on the CPU";
    }

    static void say(String format, Object... arguments) {
        System.out.printf(Locale.ROOT, format + "%n", arguments);
        System.out.flush();
    }

    /** Largest and root mean square difference, both over the deviation of what is expected. */
    static double[] difference(float[] actual, float[] expected) {
        if (actual.length != expected.length) {
            throw new IllegalStateException("expected " + expected.length + " numbers, got " + actual.length);
        }
        double mean = 0;
        for (float value : expected) {
            mean += value / (double) expected.length;
        }
        double variance = 0;
        double squares = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs((double) actual[i] - expected[i]);
            variance += (expected[i] - mean) * (expected[i] - mean);
            squares += difference * difference;
            largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
        }
        double deviation = Math.sqrt(variance / expected.length);
        return new double[] {largest / deviation, Math.sqrt(squares / expected.length) / deviation};
    }
}
