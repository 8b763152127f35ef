package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.tensor.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * MARCO, inference: a DINOv2 with registers whose last blocks have adapters beside the feed-forward, and whose last map is
 * doubled, twice in the published file. Shapes: B images, D width, a patch grid of gh x gw, 4 gh x 4 gw cells.
 *
 * <p>Source: MARCO, arXiv 2604.18267, and its authors' release.
 */
final class Marco implements AutoCloseable {
    private static final ScriptModule SCRIPT = ScriptModule.load(Marco.class, "marco.py");
    private static final List<String> WRAPPERS = List.of("model.", "module.");

    private final VisionTransformer network;
    private final Weights weights;
    private final List<Parameters> upscales = new ArrayList<>();

    private Marco(VisionTransformerCheckpoint dinov2, TensorFile file) throws IOException {
        VisionTransformerConfig config = dinov2.config();
        if (config.family() != VisionTransformerConfig.Family.DINOV2_REGISTERS) {
            throw new IOException("MARCO's DINOv2 must have registers, got one without ("
                    + dinov2.tensors().path() + "); give dinov2_vitl14_reg4");
        }
        MarcoForm form = MarcoForm.of(file, config);
        int dim = config.hiddenSize();
        weights = new Weights(file);
        Map<Integer, Parameters> adapters = new TreeMap<>();
        for (int block : form.blocks()) {
            adapters.put(
                    block,
                    weights.under(MarcoForm.adapter(block))
                            .norm("adapter_layer_norm_before", dim)
                            .linear("down_proj", form.bottleneck(), dim)
                            .linear("up_proj", dim, form.bottleneck()));
        }
        for (int i = 0; i < form.upscales(); i++) {
            upscales.add(weights.under(MarcoForm.upscale(i))
                    .conv("conv1", dim, dim, 2)
                    .tensor("conv2.weight", dim, 1, 3, 3)
                    .norm("norm", dim));
        }
        weights.check(Set.of());
        network = new VisionTransformer(config, dinov2.tensors(), adapters);
    }

    /** Opens both files and reads the weights; neither stays open. */
    static Marco open(Path dinov2, Path marco, NDManager manager, DataType type) throws IOException {
        try (VisionTransformerCheckpoint checkpoint = VisionTransformerCheckpoint.open(dinov2);
                TensorFile file = RenamedTensors.unwrapped(TensorFile.open(marco), WRAPPERS)) {
            Marco opened = new Marco(checkpoint, file);
            try {
                opened.network.load(checkpoint.tensors(), manager, type);
                opened.weights.load(manager, type);
            } catch (IOException | RuntimeException e) {
                opened.close();
                throw e;
            }
            return opened;
        }
    }

    /** Lays weights out for pictures of a size, where the device has such a layout. */
    void pack(NDManager manager, DataType type, int side) {
        int grid = network.grid(side, network.config().patchSize());
        network.pack(manager, type, grid * grid);
    }

    /** (B, D, gh, gw) float32, the patches after the final norm, of normalised pixels (B, 3, H, W). */
    NDArray last(NDArray pixels, NDManager owner) {
        VisionTransformerConfig config = network.config();
        int last = config.layers() - 1;
        int patch = config.patchSize();
        int rows = network.grid((int) pixels.getShape().get(2), patch);
        int columns = network.grid((int) pixels.getShape().get(3), patch);
        NDArray[] map = new NDArray[1];
        network.forward(pixels, patch, Set.of(last), false, (block, found) -> {
            try (NDArray normed = network.finalNorm(found[0])) {
                map[0] = VisionTransformerExtractor.map(normed, config.leading(), rows, columns);
                map[0].attach(owner);
            }
        });
        return map[0];
    }

    /** (B, D, 4 gh, 4 gw) in the type of the weights, of {@link #last}, which is closed. */
    NDArray upscaled(NDArray last, NDManager owner) {
        NDArray map = last;
        for (Parameters upscale : upscales) {
            NDArray doubled = SCRIPT.run(owner, "upscale", map, upscale.tensors());
            map.close();
            map = doubled;
        }
        return map;
    }

    /**
     * Descriptors of points, between cells.
     *
     * @param map (1, D, h, w)
     * @param points in cells, x right and y down; outside is taken at the border
     * @return (points, D) float32
     */
    static NDArray sampled(NDArray map, List<Point> points, NDManager owner) {
        double lastX = map.getShape().get(3) - 1.0;
        double lastY = map.getShape().get(2) - 1.0;
        float[] at = new float[2 * points.size()];
        for (int i = 0; i < points.size(); i++) {
            at[2 * i] = (float) (2 * points.get(i).x() / lastX - 1);
            at[2 * i + 1] = (float) (2 * points.get(i).y() / lastY - 1);
        }
        try (NDArray grid = HostTensors.of(owner, at, new Shape(1, 1, points.size(), 2))) {
            return SCRIPT.run(owner, "sampled", map, grid);
        }
    }

    /** Dot products (points, h w) float32 of sampled descriptors with the cells of a map (1, D, h, w). */
    static NDArray logits(NDArray sampled, NDArray map, NDManager owner) {
        return SCRIPT.run(owner, "logits", sampled, map);
    }

    @Override
    public void close() {
        network.close();
        weights.close();
    }
}
