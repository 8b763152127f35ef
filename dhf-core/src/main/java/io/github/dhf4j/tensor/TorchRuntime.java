package io.github.dhf4j.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Optional;

/**
 * Where networks run and in which type: chosen once, and given to whatever opens or trains one. (Not plainly
 * {@code Runtime}, which {@code java.lang} has.)
 *
 * <p>In half precision weights and what goes through a network are of its type; schedules, the latents between two calls,
 * the statistics of norms, and what a network gives are float32. DHPF and CATs++ run in float32 whatever is asked for, and
 * training is in float32.
 *
 * @param device a DJL device; the engine may lack it, which is told when something is opened on it
 * @param dtype of weights and of what goes through the network: {@code FLOAT32}, {@code FLOAT16} or {@code BFLOAT16}
 */
public record TorchRuntime(Device device, DataType dtype) {
    private static final List<DataType> TYPES = List.of(DataType.FLOAT32, DataType.FLOAT16, DataType.BFLOAT16);

    /**
     * Says that the type is one that networks are made in.
     *
     * @param device as above
     * @param dtype as above
     * @throws IllegalArgumentException if it is of integers, or wider than float32
     */
    public TorchRuntime {
        if (!TYPES.contains(dtype)) {
            throw new IllegalArgumentException("dtype must be one of " + TYPES + ", got " + dtype);
        }
    }

    /**
     * A type that networks are made in, by its name.
     *
     * @param name {@code float32}, {@code float16} or {@code bfloat16}, in small or capital letters
     * @return the type; empty for another name
     */
    public static Optional<DataType> type(String name) {
        return TYPES.stream().filter(type -> type.name().equalsIgnoreCase(name)).findFirst();
    }

    /**
     * The best there is: the engine's first GPU, else the CPU.
     *
     * @return in float32; the engine is started to know it
     */
    public static TorchRuntime best() {
        return of(TorchEngine.defaultDevice());
    }

    /**
     * The best there is, in the type that is fastest there: for results at a glance, not for figures.
     *
     * @return as {@link DtypeChoice#of} chooses for the engine's first GPU, else the CPU
     */
    public static TorchRuntime fastest() {
        Device device = TorchEngine.defaultDevice();
        return new TorchRuntime(device, DtypeChoice.of(device).dtype());
    }

    /**
     * The CPU.
     *
     * @return in float32
     */
    public static TorchRuntime cpu() {
        return of(Device.cpu());
    }

    /**
     * A device.
     *
     * @param device any
     * @return in float32
     */
    public static TorchRuntime of(Device device) {
        return new TorchRuntime(device, DataType.FLOAT32);
    }

    /**
     * Says that the engine has the device, or throws.
     *
     * @return this
     * @throws IllegalArgumentException naming what there is instead
     */
    public TorchRuntime require() {
        TorchEngine.require(device);
        return this;
    }

    /**
     * Opens memory on the device.
     *
     * @return a manager; the caller closes it
     * @throws IllegalArgumentException as {@link #require}
     */
    public NDManager newManager() {
        return TorchEngine.newManager(require().device());
    }

    /**
     * Tells apart what networks give in one type and in another, where it is kept.
     *
     * @param digest of network and settings
     * @return the digest itself for float32, as it was before there were others
     */
    public String fingerprint(String digest) {
        return dtype == DataType.FLOAT32 ? digest : digest + "-" + dtype;
    }
}
