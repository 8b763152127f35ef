package io.github.dhf4j.cli;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.tensor.Devices;
import io.github.dhf4j.tensor.DtypeChoice;
import io.github.dhf4j.tensor.EngineThreads;
import io.github.dhf4j.tensor.TorchEngine;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where networks run, in which type, and with how many threads. */
final class RuntimeOptions {
    /** What {@code --dtype} may say; named as on the command line. */
    enum Dtype {
        auto,
        float32,
        bfloat16,
        float16
    }

    @Option(
            names = "--device",
            paramLabel = "NAME",
            converter = DeviceConverter.class,
            description = "cpu, gpu, gpu:1 or mps. Default: the first GPU that the engine has, else the CPU.")
    private @Nullable Device device;

    @Option(
            names = "--dtype",
            description =
                    "${COMPLETION-CANDIDATES}: the type networks run in; auto is float16 on a GPU, and on a CPU bfloat16 where a measurement says that it pays. Default: auto of match and describe with a checkpoint of your own, else float32.")
    private @Nullable Dtype dtype;

    @Option(names = "--threads", paramLabel = "N", description = "How many cores a network call may use. Default: all.")
    private @Nullable Integer threads;

    /** Where and how, of which the type is float32 unless another is asked for; what is chosen is said. */
    TorchRuntime exact(PrintWriter print) {
        return of(Dtype.float32, print);
    }

    /** Where and how, of which the type is the fastest unless another is asked for; what is chosen is said. */
    TorchRuntime fast(PrintWriter print) {
        return of(Dtype.auto, print);
    }

    /** For networks that are trained, of which the type is float32. */
    TorchRuntime ofTraining(PrintWriter print) {
        if (dtype != null && dtype != Dtype.float32) {
            throw new IllegalArgumentException(
                    "--dtype must be float32 where networks are trained, got " + dtype + "; leave it out");
        }
        return exact(print);
    }

    private TorchRuntime of(Dtype otherwise, PrintWriter print) {
        if (threads != null) {
            EngineThreads.set(threads);
        }
        Device where = TorchEngine.require(device != null ? device : TorchEngine.defaultDevice());
        Dtype asked = dtype != null ? dtype : otherwise;
        return new TorchRuntime(
                where,
                asked == Dtype.auto
                        ? chosen(where, print)
                        : TorchRuntime.type(asked.name()).orElseThrow());
    }

    private static DataType chosen(Device where, PrintWriter print) {
        DtypeChoice choice = DtypeChoice.of(where);
        print.println("networks run in " + choice);
        return choice.dtype();
    }

    /** Reads devices. */
    static final class DeviceConverter implements ITypeConverter<Device> {
        @Override
        public Device convert(String value) {
            return Devices.named(value)
                    .orElseThrow(() ->
                            new TypeConversionException("device must be cpu, gpu, gpu:1 or mps, got '" + value + "'"));
        }
    }
}
