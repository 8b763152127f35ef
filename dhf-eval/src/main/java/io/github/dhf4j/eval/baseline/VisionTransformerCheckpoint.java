package io.github.dhf4j.eval.baseline;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.eval.baseline.RenamedTensors.Part;
import io.github.dhf4j.eval.baseline.VisionTransformerConfig.Family;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TensorInfo;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A DINO or DINOv2 checkpoint as it is found: a folder in the transformers layout, or one file as the authors publish
 * it, whose form is told by its tensors; with {@code module.}, {@code vit.} or {@code backbone.} before every key or not.
 *
 * @param config the network's form
 * @param tensors the weights by transformers' keys; the caller closes this
 */
record VisionTransformerCheckpoint(VisionTransformerConfig config, TensorFile tensors) implements AutoCloseable {
    private static final List<String> FILES = List.of("model.safetensors", "pytorch_model.bin");
    private static final List<String> PREFIXES =
            List.of("module.", "backbone.", "teacher.", "vit.", "dinov2.", "dinov2_with_registers.");
    private static final Map<Integer, Integer> HEADS = Map.of(384, 6, 768, 12, 1024, 16, 1536, 24);

    static VisionTransformerCheckpoint open(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return single(TensorFile.open(path), path);
        }
        Path configPath = path.resolve("config.json");
        if (!Files.isRegularFile(configPath)) {
            throw new IOException("checkpoint must be a folder with config.json and " + FILES.get(0)
                    + ", or the authors' single file, got a folder without config.json (" + path + ")");
        }
        JsonObject json = Json.readObject(configPath);
        JsonElement type = json.get("model_type");
        if (type == null
                || !Set.of("\"vit\"", "\"dinov2\"", "\"dinov2_with_registers\"").contains(type.toString())) {
            throw new IOException("'model_type' must be vit, dinov2 or dinov2_with_registers, got " + type + " ("
                    + configPath + "); this is a checkpoint of another family");
        }
        VisionTransformerConfig config = VisionTransformerConfig.read(json, configPath.toString());
        for (String name : FILES) {
            if (Files.isRegularFile(path.resolve(name))) {
                return new VisionTransformerCheckpoint(
                        config, RenamedTensors.unwrapped(TensorFile.open(path.resolve(name)), PREFIXES));
            }
        }
        throw new IOException("weights must be in " + String.join(" or ", FILES) + ", got neither (" + path + ")");
    }

    /** Whether there is a checkpoint, and of DINOv2 or of DINO. */
    static boolean isOf(Path path, boolean second) {
        try (VisionTransformerCheckpoint checkpoint = open(path)) {
            return checkpoint.config().family().isSecond() == second;
        } catch (IOException e) {
            // whatever it is, it is no such checkpoint; opening it as what is asked for tells the rest
            return false;
        }
    }

    /** The path itself, or an error if it is of the other family. */
    static Path require(Path path, boolean second) throws IOException {
        try (VisionTransformerCheckpoint checkpoint = open(path)) {
            if (checkpoint.config().family().isSecond() != second) {
                throw new IOException("checkpoint must be of " + (second ? "DINOv2" : "DINO") + ", got one of "
                        + (second ? "DINO" : "DINOv2") + " (" + path + "); choose backbone "
                        + (second ? "dino" : "dinov2"));
            }
            return path;
        }
    }

    @Override
    public void close() throws IOException {
        tensors.close();
    }

    private static VisionTransformerCheckpoint single(TensorFile file, Path path) throws IOException {
        try {
            Map<String, String> names =
                    RenamedTensors.withoutPrefixes(file.tensors().keySet(), PREFIXES);
            if (!names.containsKey("pos_embed") || !names.containsKey("patch_embed.proj.weight")) {
                throw new IOException(
                        "file must hold a DINO or DINOv2 network as its authors publish it, with 'pos_embed' and"
                                + " 'patch_embed.proj.weight', got " + Texts.some(names.keySet()) + " (" + path
                                + "); this is a checkpoint of another family, or give the folder with config.json");
            }
            VisionTransformerConfig config = infer(file, names, path);
            return new VisionTransformerCheckpoint(config, new RenamedTensors(file, parts(config, names)));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static VisionTransformerConfig infer(TensorFile file, Map<String, String> names, Path path)
            throws IOException {
        TensorInfo position = info(file, names, "pos_embed");
        TensorInfo patch = info(file, names, "patch_embed.proj.weight");
        int dim = (int) position.dimensions()[position.dimensions().length - 1];
        Integer heads = HEADS.get(dim);
        int layers = 0;
        while (names.containsKey("blocks." + layers + ".norm1.weight")) {
            layers++;
        }
        int side = (int) Math.round(Math.sqrt(position.dimensions()[1] - 1.0));
        int patchSize = (int) patch.dimensions()[patch.dimensions().length - 1];
        if (heads == null || layers == 0 || (long) side * side != position.dimensions()[1] - 1) {
            throw new IOException("network must be of width "
                    + HEADS.keySet().stream().sorted().toList()
                    + " with a square grid of positions, got width " + dim + ", " + layers + " blocks and "
                    + position.dimensions()[1] + " positions (" + path + ")");
        }
        boolean second = names.containsKey("blocks.0.ls1.gamma");
        boolean swiglu = names.containsKey("blocks.0.mlp.w12.weight");
        int registers = names.containsKey("register_tokens")
                ? (int) info(file, names, "register_tokens").dimensions()[1]
                : 0;
        int wide = (int)
                (swiglu
                        ? info(file, names, "blocks.0.mlp.w3.weight").dimensions()[1]
                        : info(file, names, "blocks.0.mlp.fc1.weight").dimensions()[0]);
        Family family = !second ? Family.DINO : registers > 0 ? Family.DINOV2_REGISTERS : Family.DINOV2;
        return new VisionTransformerConfig(
                family, dim, layers, heads, wide, patchSize, side * patchSize, registers, swiglu, 1e-6);
    }

    private static TensorInfo info(TensorFile file, Map<String, String> names, String name) throws IOException {
        return file.require(names.getOrDefault(name, name));
    }

    /** Transformers' keys to the authors'. */
    private static Map<String, Part> parts(VisionTransformerConfig config, Map<String, String> names) {
        boolean second = config.family().isSecond();
        Map<String, String> renames = new LinkedHashMap<>();
        renames.put("embeddings.cls_token", "cls_token");
        renames.put("embeddings.position_embeddings", "pos_embed");
        if (config.registers() > 0) {
            renames.put("embeddings.register_tokens", "register_tokens");
        }
        both(renames, "embeddings.patch_embeddings.projection", "patch_embed.proj");
        both(renames, "layernorm", "norm");
        Map<String, Part> parts = new LinkedHashMap<>();
        for (int i = 0; i < config.layers(); i++) {
            String now = "encoder.layer." + i + ".";
            String old = "blocks." + i + ".";
            both(renames, now + (second ? "norm1" : "layernorm_before"), old + "norm1");
            both(renames, now + (second ? "norm2" : "layernorm_after"), old + "norm2");
            both(renames, now + "attention.output.dense", old + "attn.proj");
            if (config.swiglu()) {
                both(renames, now + "mlp.weights_in", old + "mlp.w12");
                both(renames, now + "mlp.weights_out", old + "mlp.w3");
            } else {
                both(renames, now + (second ? "mlp.fc1" : "intermediate.dense"), old + "mlp.fc1");
                both(renames, now + (second ? "mlp.fc2" : "output.dense"), old + "mlp.fc2");
            }
            if (second) {
                renames.put(now + "layer_scale1.lambda1", old + "ls1.gamma");
                renames.put(now + "layer_scale2.lambda1", old + "ls2.gamma");
            }
            for (String kind : List.of("weight", "bias")) {
                String qkv = old + "attn.qkv." + kind;
                String stacked = names.getOrDefault(qkv, qkv);
                parts.put(now + "attention.attention.query." + kind, new Part(stacked, 0));
                parts.put(now + "attention.attention.key." + kind, new Part(stacked, 1));
                parts.put(now + "attention.attention.value." + kind, new Part(stacked, 2));
            }
        }
        renames.forEach((now, old) -> parts.put(now, new Part(names.getOrDefault(old, old), -1)));
        return parts;
    }

    private static void both(Map<String, String> renames, String now, String old) {
        renames.put(now + ".weight", old + ".weight");
        renames.put(now + ".bias", old + ".bias");
    }
}
