package io.github.dhf4j.benchmarks;

import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.tensor.Devices;
import io.github.dhf4j.tensor.TorchRuntime;
import java.util.Locale;

/** Where a benchmark runs, and in which type: JMH's parameters {@code device} and {@code dtype}. */
final class Where {
    private Where() {}

    /** As on the command line: {@code cpu}, {@code gpu}; {@code float32}, {@code bfloat16}, {@code float16}. */
    static TorchRuntime of(String device, String dtype) {
        return new TorchRuntime(
                        Devices.named(device)
                                .orElseThrow(() -> new IllegalArgumentException(
                                        "device must be cpu, gpu, gpu:1 or mps, got " + device)),
                        DataType.valueOf(dtype.toUpperCase(Locale.ROOT)))
                .require();
    }
}
