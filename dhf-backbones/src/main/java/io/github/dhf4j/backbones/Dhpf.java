package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.tensor.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Dynamic hyperpixel flow, inference: gates choose among the 34 maps of ResNet-101 for a pair, the chosen maps'
 * correlation is regularised by a Hough space of offsets ({@link HoughMatching}). Shapes: 3600 = 60 x 60 positions of
 * each image; the correlation takes 52 MB, its Hough-regularised form 52 MB of the heap.
 *
 * <p>Source: Min et al., ECCV 2020, and its authors' code in evaluation.
 */
final class Dhpf implements AutoCloseable {
    /** Side of the pictures in pixels. */
    static final int SIDE = 240;

    /** Positions along a side: a quarter of the picture's. */
    static final int CELLS = 60;

    private static final ScriptModule SCRIPT = ScriptModule.load(Dhpf.class, "dhpf.py");
    private static final double EPS = 1e-5;
    private static final double NORM_FLOOR = 0.001;

    private final ResNet101 backbone;
    private final Weights weights;
    private final List<Parameters> reductions = new ArrayList<>();
    private final List<Parameters> gates = new ArrayList<>();

    /**
     * What was found for a pair.
     *
     * @param on the maps that the gates chose, empty for none
     * @param logits of each map's gate, off then on
     * @param correlation 3600 x 3600, source positions in rows
     */
    record Correlation(Set<Integer> on, float[][] logits, float[] correlation) {}

    /** {@code backbone} is taken over: closing this closes it. */
    Dhpf(ResNet101 backbone, TensorFile head) throws IOException {
        this(backbone, new Weights(head));
        weights.check(weights.shapes().keySet().stream()
                .filter(key -> key.endsWith(".running_mean"))
                .map(key -> key.replace(".running_mean", ".num_batches_tracked"))
                .collect(Collectors.toSet()));
    }

    private Dhpf(ResNet101 backbone, Weights weights) {
        this.backbone = backbone;
        this.weights = weights;
        for (int map = 0; map < ResNet101.MAPS; map++) {
            int channels = ResNet101.channels(map);
            reductions.add(block(weights.under("reduction_ffns." + map + "."), channels / 8, channels));
            gates.add(block(weights.under("gumbel_ffns." + map + "."), 32, channels)
                    .tensor("3.weight", 2, 32, 1, 1));
        }
    }

    private static Parameters block(Parameters list, int out, int in) {
        return list.tensor("0.weight", out, in, 1, 1)
                .norm("1", out)
                .tensor("1.running_mean", out)
                .tensor("1.running_var", out);
    }

    void load(NDManager manager, DataType type) throws IOException {
        weights.load(manager, type);
        for (Parameters list : reductions) {
            list.replace(SCRIPT.runToList("fold", list.tensors(), EPS));
        }
        for (Parameters list : gates) {
            list.replace(SCRIPT.runToList("fold", list.tensors(), EPS));
        }
    }

    /** The correlation of a pair; both (1, 3, 240, 240), normalised, borrowed. */
    Correlation correlate(NDArray source, NDArray target) {
        Set<Integer> all =
                new TreeSet<>(IntStream.range(0, ResNet101.MAPS).boxed().toList());
        try (NDManager work = source.getManager().newSubManager()) {
            NDArray[] sourceMaps = backbone.maps(source, all, work);
            NDArray[] targetMaps = backbone.maps(target, all, work);
            float[][] logits = new float[ResNet101.MAPS][];
            Set<Integer> on = new TreeSet<>();
            for (int map : all) {
                try (NDArray gate = SCRIPT.run(
                        work,
                        "gate",
                        sourceMaps[map],
                        targetMaps[map],
                        gates.get(map).tensors())) {
                    logits[map] = HostTensors.floats(gate);
                }
                if (logits[map][1] > logits[map][0]) {
                    on.add(map);
                }
            }
            long positions = (long) CELLS * CELLS;
            NDArray dot = work.zeros(new Shape(positions, positions));
            NDArray sourceSquares = work.zeros(new Shape(positions));
            NDArray targetSquares = work.zeros(new Shape(positions));
            // where no gate is on, the first map alone is used
            for (int map : on.isEmpty() ? Set.of(0) : on) {
                try (NDArray s = feature(sourceMaps[map], map, work);
                        NDArray t = feature(targetMaps[map], map, work)) {
                    SCRIPT.test("add_products", dot, sourceSquares, targetSquares, s, t);
                }
            }
            NDArray correlation = SCRIPT.run(work, "correlation", dot, sourceSquares, targetSquares, NORM_FLOOR);
            return new Correlation(on, logits, HostTensors.floats(correlation));
        }
    }

    /** A map reduced and resized, (C / 8, 3600). */
    private NDArray feature(NDArray map, int index, NDManager work) {
        return SCRIPT.run(work, "feature", map, reductions.get(index).tensors(), CELLS);
    }

    @Override
    public void close() {
        weights.close();
        backbone.close();
    }
}
