package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * The network that {@link VisionTransformerExtractor} runs, over weights that change: recorded where an
 * {@link io.github.dhf4j.tensor.Autograd} is open. Shapes: B pictures of side S, D width, N patches.
 */
public final class TrainableTransformer implements AutoCloseable {
    private static final String MASK = "embeddings.mask_token";

    private final TransformerForm form;
    private final VisionTransformer network;

    /**
     * A network over arrays.
     *
     * @param form its sizes
     * @param weights an array for each key of {@link #parameterShapes}; borrowed, must outlive the network
     */
    public TrainableTransformer(TransformerForm form, Map<String, NDArray> weights) {
        this.form = form;
        this.network = new VisionTransformer(form.config(), weights);
    }

    /**
     * What such a network has, by transformers' names.
     *
     * @param form its sizes
     * @return the shape of each key
     */
    public static Map<String, long[]> parameterShapes(TransformerForm form) {
        return VisionTransformer.shapes(form.config());
    }

    /**
     * Tokens of the last block after the last norm.
     *
     * @param pixels (B, 3, S, S), each channel minus its mean over its deviation; borrowed
     * @param owner owns the result
     * @return (B, 1 + N, D), the class token first
     */
    public NDArray tokens(NDArray pixels, NDManager owner) {
        NDArray[] last = new NDArray[1];
        network.forward(pixels, form.patch(), Set.of(form.blocks() - 1), false, (block, found) -> {
            last[0] = network.finalNorm(found[0]);
            last[0].attach(owner);
        });
        return last[0];
    }

    /**
     * Pictures as the network sees them.
     *
     * @param samples (B, S, S, 3) uint8; borrowed
     * @param owner owns the result
     * @return (B, 3, S, S) float32
     */
    public static NDArray pixels(NDArray samples, NDManager owner) {
        return ImageNetPixels.normalised(samples, owner);
    }

    /**
     * Writes a folder in the transformers layout, which any {@code --model} opens as a DINOv2.
     *
     * @param form the network's sizes
     * @param weights an array for each key of {@link #parameterShapes}, others are left out; borrowed
     * @param provenance what they are of, kept beside them
     * @param folder to be written
     * @throws IOException if it cannot be written
     */
    public static void write(TransformerForm form, Map<String, NDArray> weights, String provenance, Path folder)
            throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), Json.pretty(form.toJson()));
        SafeTensorsWriter writer =
                new SafeTensorsWriter().metadata("format", "pt").metadata("provenance", provenance);
        Set<String> names = parameterShapes(form).keySet();
        weights.forEach((name, array) -> {
            if (names.contains(name)) {
                writer.tensor(name, array);
            }
        });
        NDManager manager = weights.values().iterator().next().getManager();
        try (NDArray none = manager.zeros(new Shape(1, form.width()))) {
            writer.tensor(MASK, none);
            writer.write(folder.resolve("model.safetensors"));
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
