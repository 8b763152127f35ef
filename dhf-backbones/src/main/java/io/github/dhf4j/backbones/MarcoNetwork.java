package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.OpenedFiles;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.spi.CheckpointSummary;
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
final class MarcoNetwork implements AutoCloseable {
    private static final ScriptModule SCRIPT = ScriptModule.load(MarcoNetwork.class, "marco.py");
    private static final List<String> WRAPPERS = List.of("model.", "module.");

    private final VisionTransformer network;
    private final Weights weights;
    private final List<Parameters> upscales = new ArrayList<>();
    private final OpenedFiles files;

    private MarcoNetwork(VisionTransformerCheckpoint dinov2, TensorFile file) throws IOException {
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
        files = OpenedFiles.of(List.of(dinov2.tensors().path(), file.path()));
        network = new VisionTransformer(config, dinov2.tensors(), adapters);
    }

    /** Opens both files and reads the weights; neither stays open. */
    static MarcoNetwork open(Path dinov2, Path marco, NDManager manager, DataType type) throws IOException {
        try (VisionTransformerCheckpoint checkpoint = VisionTransformerCheckpoint.open(dinov2);
                TensorFile file = RenamedTensors.unwrapped(TensorFile.open(marco), WRAPPERS)) {
            MarcoNetwork opened = new MarcoNetwork(checkpoint, file);
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

    /** (B, D, 4 gh, 4 gw) float32 of {@link #last}, which is closed. */
    NDArray upscaled(NDArray last, NDManager owner) {
        NDArray map = last;
        for (Parameters upscale : upscales) {
            NDArray doubled = SCRIPT.run(owner, "upscale", map, upscale.tensors());
            map.close();
            map = doubled;
        }
        try (NDArray made = map) {
            return SCRIPT.run(owner, "finished", made);
        }
    }

    /** The files that it was read from, DINOv2's first. */
    OpenedFiles files() {
        return files;
    }

    int patchSize() {
        return network.config().patchSize();
    }

    int channels() {
        return network.config().hiddenSize();
    }

    /** Along a side of a picture. */
    int cells(int pixels) {
        return network.grid(pixels, patchSize()) << upscales.size();
    }

    /** For fingerprints. */
    String form() {
        return network.config().form();
    }

    /** What both files are, by their headers. */
    static CheckpointSummary inspect(Path dinov2, Path marco) throws IOException {
        CheckpointSummary below = VisionTransformer.inspect(dinov2);
        try (VisionTransformerCheckpoint checkpoint = VisionTransformerCheckpoint.open(dinov2);
                TensorFile file = RenamedTensors.unwrapped(TensorFile.open(marco), WRAPPERS);
                MarcoNetwork network = new MarcoNetwork(checkpoint, file)) {
            int side = Marco.paper().loadSize();
            return new CheckpointSummary(
                    Size.square(side),
                    Size.square(network.cells(side)),
                    new FeatureLayout(Map.of(Marco.LAYER, network.channels()), List.of(0)),
                    below.parameters() + network.weights.parameterCount(),
                    below.note());
        }
    }

    @Override
    public void close() {
        network.close();
        weights.close();
    }
}
