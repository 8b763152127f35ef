package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.io.PathKind;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.spi.CheckpointPath;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.ScalarTypes;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.tensor.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The residual network whose maps are hypercolumns: map 0 is the stem after its pool, map 1 + n is bottleneck n, 0 to 32,
 * before its last ReLU. Batch norms are folded into the convolutions when the weights are read. Shapes: B images; sides
 * of the maps are 1/4 of the image's (stem and layer 1), 1/8, 1/16, 1/32.
 *
 * <p>Source: He et al., arXiv 1512.03385; torchvision's {@code resnet101}, whose stride sits in the 3 x 3 convolution.
 */
final class ResNet101 implements AutoCloseable {
    /** How many maps there are. */
    static final int MAPS = 34;

    static final int[] BLOCKS = {3, 4, 23, 3};

    private static final ScriptModule SCRIPT = ScriptModule.load(ResNet101.class, "resnet.py");
    private static final double EPS = 1e-5;
    private static final List<String> REQUIRED = List.of("layer3.22.conv3.weight", "conv1.weight", "bn1.running_mean");

    private final Weights weights;
    private final Parameters stem;
    private final List<Parameters> bottlenecks = new ArrayList<>();
    private final List<Integer> strides = new ArrayList<>();

    /** What takes the maps as they are born, borrowed. */
    @FunctionalInterface
    interface MapListener {
        void take(int index, NDArray map);
    }

    /** Declares the network under a prefix of keys and compares it with a file; reads nothing but the file's header. */
    ResNet101(TensorFile file, String prefix, Set<String> others) throws IOException {
        this(new Weights(file), prefix);
        Set<String> ignored = new HashSet<>(others);
        ignored.addAll(Set.of(prefix + "fc.weight", prefix + "fc.bias"));
        weights.shapes().keySet().stream()
                .filter(key -> key.endsWith(".running_mean"))
                .forEach(key -> ignored.add(key.replace(".running_mean", ".num_batches_tracked")));
        weights.check(ignored);
    }

    private ResNet101(Weights weights, String prefix) {
        this.weights = weights;
        stem = folded(weights.under(prefix), "conv1", "bn1", 64, 3, 7);
        int in = 64;
        for (int layer = 0; layer < BLOCKS.length; layer++) {
            int planes = 64 << layer;
            for (int b = 0; b < BLOCKS[layer]; b++) {
                String under = prefix + "layer" + (layer + 1) + "." + b + ".";
                Parameters block = weights.under(under);
                folded(block, "conv1", "bn1", planes, in, 1);
                folded(block, "conv2", "bn2", planes, planes, 3);
                folded(block, "conv3", "bn3", 4 * planes, planes, 1);
                if (b == 0) {
                    folded(block, "downsample.0", "downsample.1", 4 * planes, in, 1);
                }
                bottlenecks.add(block);
                strides.add(b == 0 && layer > 0 ? 2 : 1);
                in = 4 * planes;
            }
        }
    }

    /** What a weight file must hold, beside counters and the classifier. */
    static Map<String, long[]> parameterShapes() {
        try (Weights declared = Weights.withoutFile();
                ResNet101 network = new ResNet101(declared, "")) {
            return network.weights.shapes();
        }
    }

    private static Parameters folded(Parameters list, String conv, String norm, long out, long in, long kernel) {
        return list.tensor(conv + ".weight", out, in, kernel, kernel)
                .norm(norm, out)
                .tensor(norm + ".running_mean", out)
                .tensor(norm + ".running_var", out);
    }

    void load(NDManager manager, DataType type) throws IOException {
        weights.load(manager, DataType.FLOAT32);
        List<Parameters> all = new ArrayList<>(bottlenecks);
        all.add(stem);
        for (Parameters list : all) {
            list.replace(SCRIPT.runToList("fold", list.tensors(), EPS, ScalarTypes.code(type)));
        }
    }

    /** Opens torchvision's weights, whatever wrapped them and with a head or not. */
    static TensorFile file(Path path) throws IOException {
        TensorFile file = TensorFile.open(path);
        try {
            NetworkKeys keys = NetworkKeys.find(file.tensors().keySet(), REQUIRED, path);
            if (keys != null) {
                return RenamedTensors.of(file, keys);
            }
            PathKind kind = PathKind.tensors(file);
            throw new IOException("file must hold torchvision's ResNet-101 with '" + REQUIRED.get(0) + "', got "
                    + (kind == null ? "" : kind.what() + ": ")
                    + Texts.some(file.tensors().keySet()) + " (" + path + "); this is a checkpoint of another network");
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Where in a file such weights are, or null. */
    static @Nullable NetworkKeys keys(Path path) throws IOException {
        try (TensorFile file = TensorFile.open(path)) {
            return NetworkKeys.find(file.tensors().keySet(), REQUIRED, path);
        }
    }

    /** How many numbers were declared; running means and variances are among them. */
    long parameterCount() {
        return weights.parameterCount();
    }

    /** Whether a file holds such weights. */
    static boolean isIn(CheckpointPath path) {
        return !NetworkKeys.prefixes(path.tensors(), REQUIRED).isEmpty();
    }

    /** How many pixels of the image are one cell of a map. */
    static int stride(int map) {
        int channels = channels(map);
        return channels <= 256 ? 4 : channels / 64;
    }

    /** Channels of a map. */
    static int channels(int map) {
        if (map == 0) {
            return 64;
        }
        int first = 1;
        for (int layer = 0; layer < BLOCKS.length; layer++) {
            first += BLOCKS[layer];
            if (map < first) {
                return 256 << layer;
            }
        }
        throw new IllegalArgumentException("maps must be 0 to " + (MAPS - 1) + ", got " + map);
    }

    /** Runs normalised pixels (B, 3, H, W) up to the last map that is wanted. */
    void forward(NDArray pixels, Set<Integer> wanted, MapListener listener) {
        int last = wanted.stream().mapToInt(Integer::intValue).max().orElse(-1);
        try (NDManager call = pixels.getManager().newSubManager()) {
            NDArray x = SCRIPT.run(call, "stem", pixels, stem.tensors());
            if (wanted.contains(0)) {
                take(listener, 0, x);
            }
            for (int n = 0; n < last; n++) {
                NDArray sum =
                        SCRIPT.run(call, "bottleneck", x, bottlenecks.get(n).tensors(), strides.get(n));
                x.close();
                if (wanted.contains(n + 1)) {
                    take(listener, n + 1, sum);
                }
                x = SCRIPT.run(call, "relu", sum);
                sum.close();
            }
        }
    }

    private static void take(MapListener listener, int map, NDArray x) {
        try (NDArray wide = SCRIPT.run(x.getManager(), "wide", x)) {
            listener.take(map, wide);
        }
    }

    /** The wanted maps of normalised pixels, by index, the others null; owned by {@code owner}. */
    NDArray[] maps(NDArray pixels, Set<Integer> wanted, NDManager owner) {
        NDArray[] maps = new NDArray[MAPS];
        forward(pixels, wanted, (index, map) -> {
            maps[index] = map.duplicate();
            maps[index].attach(owner);
        });
        return maps;
    }

    @Override
    public void close() {
        weights.close();
    }
}
