package io.github.dhf4j.tensor;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.util.Platform;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What differs from device to device, decided here and nowhere else: names, what the engine has, and the few things that
 * pay on one device and not on another. All else is the same code everywhere, so that a run on a CPU tries it.
 */
public final class Devices {
    private static final Pattern GPU = Pattern.compile("gpu(?::(\\d{1,3}))?");
    private static final String MPS = "mps";

    private Devices() {}

    /**
     * A device by its name.
     *
     * @param name {@code cpu}, {@code gpu}, {@code gpu:1} or {@code mps}
     * @return the device, which the engine may lack; empty for another name
     */
    public static Optional<Device> named(String name) {
        Matcher gpu = GPU.matcher(name);
        if (gpu.matches()) {
            return Optional.of(Device.gpu(gpu.group(1) == null ? 0 : Integer.parseInt(gpu.group(1))));
        }
        return switch (name) {
            case "cpu" -> Optional.of(Device.cpu());
            case MPS -> Optional.of(Device.of(MPS, -1));
            default -> Optional.empty();
        };
    }

    /** Says that the engine has a device, or throws. */
    static Device require(Device device) {
        if (MPS.equals(device.getDeviceType())) {
            String here = Platform.fromSystem("pytorch").getClassifier();
            if (!here.equals("osx-aarch64")) {
                throw new IllegalArgumentException(
                        "device mps is of Macs with Apple's processors, got " + here + "; run on Device.cpu()");
            }
        }
        if (device.isGpu()) {
            int count = TorchEngine.get().getGpuCount();
            if (device.getDeviceId() >= count) {
                throw new IllegalArgumentException("device must be one that the engine has, got " + device + " of "
                        + count + " GPUs (" + TorchEngine.nameAndVersion() + ", natives for "
                        + (count == 0 ? "the CPU or no driver" : "CUDA")
                        + "); run on Device.cpu(), or leave the device out for the best there is");
            }
        }
        return device;
    }

    /** The type that is fastest on a device whatever the machine; empty where it must be measured. */
    static Optional<DataType> fastestType(Device device) {
        if (device.isGpu()) {
            return Optional.of(DataType.FLOAT16);
        }
        return isCpu(device) ? Optional.empty() : Optional.of(DataType.FLOAT32);
    }

    /**
     * Whether weights are laid out once for the size of a network's input, instead of at every call.
     *
     * @param device where the network runs
     * @param type of its weights
     * @return true where the engine has such a layout for the type
     */
    public static boolean packsWeights(Device device, DataType type) {
        return isCpu(device) && type != DataType.FLOAT16;
    }

    /**
     * Whether the weights of convolutions lie channels last, which what goes through them then does too: tensor cores take
     * half types so, and would turn them around at every call.
     *
     * @param device where the network runs
     * @param type of its weights
     * @return true where it pays
     */
    public static boolean channelsLast(Device device, DataType type) {
        return device.isGpu() && type != DataType.FLOAT32;
    }

    /**
     * Whether they lie so in networks that see whole pictures: there a CPU too would turn more at every call than it wins.
     *
     * @param device where the network runs
     * @param type of its weights
     * @return true where it pays
     */
    public static boolean largePicturesChannelsLast(Device device, DataType type) {
        return isCpu(device) ? type != DataType.FLOAT16 : channelsLast(device, type);
    }

    /**
     * Whether classifier-free guidance is one call of a batch with both halves, or a call for each. One is said to pay on a
     * GPU, which a small batch leaves idle; on a CPU a call takes as long as its halves.
     *
     * @param device where the network runs
     * @return true for one call
     */
    public static boolean guidesInOneCall(Device device) {
        return device.isGpu();
    }

    private static boolean isCpu(Device device) {
        return device.equals(Device.cpu());
    }
}
