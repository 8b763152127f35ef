package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.tensor.TensorList;
import io.github.dhf4j.tensor.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * CATs++, inference: for each of 32 x 32 positions of the target image, where in the source image it lies. Shapes: 4D
 * correlations (C, yt, xt, ys, xs) at three levels of 16, 32 and 64 cells a side; the largest takes 268 MB.
 *
 * <p>Source: Cho et al., TPAMI 2022, and its authors' code in evaluation.
 */
final class CatsPlusPlus implements AutoCloseable {
    /** Side of the pictures in pixels. */
    static final int SIDE = 512;

    /** Cells along a side of the flow. */
    static final int CELLS = 32;

    static final ScriptModule SCRIPT = ScriptModule.load(CatsPlusPlus.class, "cats.py");
    private static final String BACKBONE = "backbone.";
    private static final String HEAD = "hpn_learner.";
    private static final double TEMPERATURE = 0.02;
    private static final String STATE = "state_dict.";
    private static final List<String> PREFIXES = List.of(STATE, "module.");

    /**
     * A level of the pyramid, deepest first.
     *
     * @param number as the authors count
     * @param first its first map
     * @param last its last map, of which the affinity is made
     * @param cells of the maps along a side
     * @param stride of the first axes in the transformer's queries and keys
     * @param kernel of the first axes in the transformer
     */
    record Level(int number, int first, int last, int cells, int stride, int kernel) {
        int channels() {
            return last - first + 1;
        }
    }

    static final List<Level> LEVELS =
            List.of(new Level(4, 31, 33, 16, 1, 3), new Level(3, 8, 30, 32, 2, 3), new Level(2, 4, 7, 64, 4, 5));

    private final ResNet101 backbone;
    private final Weights weights;
    private final List<Parameters> early = new ArrayList<>();
    private final List<Parameters> transformers = new ArrayList<>();
    private final List<Parameters> affinities = new ArrayList<>();
    private final Parameters axes;

    /** Looks at intermediate results, borrowed; for tests. */
    @FunctionalInterface
    interface Stages {
        Stages NONE = (name, array) -> {};

        void see(String name, NDArray array);
    }

    CatsPlusPlus(TensorFile file) throws IOException {
        Set<String> keys = file.tensors().keySet();
        backbone = new ResNet101(
                file,
                BACKBONE,
                keys.stream().filter(key -> key.startsWith(HEAD)).collect(Collectors.toSet()));
        weights = new Weights(file);
        for (int i = 0; i < LEVELS.size(); i++) {
            Level level = LEVELS.get(i);
            early.add(conv(weights.under(HEAD + "early_conv." + i + ".conv4d.0."), "0", 4, level.channels(), 3)
                    .norm("1", 4));
            Parameters list = weights.under(HEAD + "transformers." + i + ".layer.0.");
            int cells = level.cells() / 2;
            list.tensor("pos_embed", 1, (long) cells * cells, 1, 128).norm("norm1", 4);
            conv(list, "qk.conv.0", 4, 4, level.kernel()).norm("qk.conv.1", 4).linear("qk.linear", 1024, 384);
            conv(list, "v.0", 4, 4, level.kernel()).norm("v.1", 4).norm("norm2", 4);
            conv(list, "mlp.mlp.0", 16, 4, level.kernel());
            transformers.add(conv(list, "mlp.mlp.2", 4, 16, level.kernel()));
            affinities.add(weights.under(HEAD + "affinity_proj." + i + ".")
                    .conv("0", 128, ResNet101.channels(level.last()), 3));
        }
        axes = weights.under(HEAD).tensor("x_normal", CELLS).tensor("y_normal", CELLS);
        Set<String> others = new HashSet<>(keys);
        others.removeIf(key -> !key.startsWith(BACKBONE));
        weights.check(others);
    }

    /** Opens a checkpoint: of a whole training's state only the network's. */
    static TensorFile file(Path path) throws IOException {
        TensorFile file = TensorFile.open(path);
        try {
            List<String> keys = List.copyOf(file.tensors().keySet());
            List<String> ofState =
                    keys.stream().filter(key -> key.startsWith(STATE)).toList();
            Map<String, String> names =
                    RenamedTensors.withoutPrefixes(new TreeSet<>(ofState.isEmpty() ? keys : ofState), PREFIXES);
            if (!names.containsKey(HEAD + "x_normal")) {
                throw new IOException("file must hold CATs++ with '" + HEAD + "x_normal', got "
                        + Texts.some(names.keySet()) + " (" + path + "); this is a checkpoint of another network");
            }
            Map<String, RenamedTensors.Part> parts = new TreeMap<>();
            names.forEach((now, old) -> parts.put(now, new RenamedTensors.Part(old, -1)));
            return new RenamedTensors(file, parts);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static Parameters conv(Parameters list, String name, int out, int in, int kernel) {
        return list.conv(name + ".query_conv", out, in, kernel).conv(name + ".supp_conv", out, in, 3);
    }

    void load(NDManager manager, DataType type) throws IOException {
        backbone.load(manager, type);
        weights.load(manager, type);
    }

    /** The flow (2, 32, 32), x then y, in cells: from target positions into the source; (1, 3, 512, 512) borrowed. */
    float[] flow(NDArray target, NDArray source, Stages stages) {
        Set<Integer> wanted = new TreeSet<>(IntStream.rangeClosed(4, 33).boxed().toList());
        try (NDManager work = target.getManager().newSubManager()) {
            NDArray[] targetMaps = backbone.maps(target, wanted, work);
            NDArray[] sourceMaps = backbone.maps(source, wanted, work);
            NDArray x = level(0, null, targetMaps, sourceMaps, work, stages);
            for (int i = 1; i < LEVELS.size(); i++) {
                x = level(i, x, targetMaps, sourceMaps, work, stages);
            }
            NDArray correlation = SCRIPT.run(work, "mean", x);
            stages.see("final", correlation);
            NDArray grid = SCRIPT.run(work, "grid", correlation, axes.tensors(), TEMPERATURE);
            stages.see("grid", grid);
            float[] flow = HostTensors.floats(grid);
            for (int p = 0; p < CELLS * CELLS; p++) {
                flow[p] = (flow[p] + 1) * (CELLS - 1) / 2 - p % CELLS;
                flow[CELLS * CELLS + p] = (flow[CELLS * CELLS + p] + 1) * (CELLS - 1) / 2 - p / CELLS;
            }
            return flow;
        }
    }

    /** A level's correlation, encoded, with the deeper level's added, and refined. */
    private NDArray level(
            int index, @Nullable NDArray deeper, NDArray[] target, NDArray[] source, NDManager work, Stages stages) {
        Level level = LEVELS.get(index);
        String name = "level" + level.number() + ".";
        try (NDManager step = work.newSubManager()) {
            NDArray encoded = encode(index, target, source, step, stages);
            if (deeper != null) {
                encoded = SCRIPT.run(step, "add", encoded, SCRIPT.run(step, "upscale", deeper, level.cells() / 2));
                stages.see(name + "in", encoded);
            }
            TensorList affinity = affinities.get(index).tensors();
            NDArray ofTarget = SCRIPT.run(step, "affinity", target[level.last()], affinity);
            NDArray ofSource = SCRIPT.run(step, "affinity", source[level.last()], affinity);
            stages.see(name + "affinity.trg", ofTarget);
            stages.see(name + "affinity.src", ofSource);
            NDArray refined = SCRIPT.run(
                    work,
                    "refine",
                    encoded,
                    ofSource,
                    ofTarget,
                    transformers.get(index).tensors(),
                    level.stride(),
                    level.kernel() / 2);
            stages.see(name + "out", refined);
            return refined;
        }
    }

    private NDArray encode(int index, NDArray[] target, NDArray[] source, NDManager step, Stages stages) {
        Level level = LEVELS.get(index);
        int n = level.cells();
        String name = "level" + level.number() + ".";
        try (NDArray correlation = step.zeros(new Shape(level.channels(), n, n, n, n))) {
            for (int map = level.first(); map <= level.last(); map++) {
                SCRIPT.test("put_correlation", correlation, map - level.first(), target[map], source[map]);
            }
            stages.see(name + "correlation", correlation);
            NDArray encoded =
                    SCRIPT.run(step, "early", correlation, early.get(index).tensors());
            stages.see(name + "conv4d", encoded);
            return encoded;
        }
    }

    /**
     * Where points of the target (512 x 512 pixels) lie in the source: points are cut to whole pixels first, as the
     * authors do it, and the flow is read between cells with half-pixel centres.
     */
    static List<Point> transfer(float[] flow, List<Point> points) {
        double jump = (double) SIDE / CELLS;
        List<Point> found = new ArrayList<>();
        for (Point point : points) {
            int x = Math.max(0, Math.min(SIDE - 1, (int) point.x()));
            int y = Math.max(0, Math.min(SIDE - 1, (int) point.y()));
            double u = Math.max(0, (x + 0.5) / jump - 0.5);
            double v = Math.max(0, (y + 0.5) / jump - 0.5);
            found.add(new Point(x + jump * at(flow, 0, u, v), y + jump * at(flow, 1, u, v)));
        }
        return found;
    }

    private static double at(float[] flow, int axis, double u, double v) {
        int left = (int) u;
        int top = (int) v;
        int right = Math.min(CELLS - 1, left + 1);
        int below = Math.min(CELLS - 1, top + 1);
        int base = axis * CELLS * CELLS;
        double upper =
                flow[base + top * CELLS + left] * (1 - (u - left)) + flow[base + top * CELLS + right] * (u - left);
        double lower =
                flow[base + below * CELLS + left] * (1 - (u - left)) + flow[base + below * CELLS + right] * (u - left);
        return upper * (1 - (v - top)) + lower * (v - top);
    }

    @Override
    public void close() {
        weights.close();
        backbone.close();
    }
}
