package io.github.dhf4j.backbones;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.backbones.RenamedTensors.Part;
import io.github.dhf4j.backbones.VisionTransformerConfig.Family;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.JsonConfig;
import io.github.dhf4j.io.PathKind;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TensorInfo;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.spi.CheckpointPath;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A DINO, DINOv2 or DINOv3 checkpoint as it is found: a folder in the transformers layout, or, but of DINOv3, one file
 * as the authors publish it, whose form is told by its tensors; whatever wrapped the network's keys, and with the head it was trained with or
 * not.
 *
 * @param config the network's form
 * @param tensors the weights by transformers' keys; the caller closes this
 * @param keys where in the file they are
 */
record VisionTransformerCheckpoint(VisionTransformerConfig config, TensorFile tensors, NetworkKeys keys)
        implements Closeable {
    static final List<String> FILES = List.of("model.safetensors", "pytorch_model.bin");
    private static final List<String> REQUIRED =
            List.of("embeddings.position_embeddings", "embeddings.patch_embeddings.projection.weight");
    private static final List<String> REQUIRED_WITHOUT_POSITIONS =
            List.of("embeddings.cls_token", "embeddings.patch_embeddings.weight");
    private static final List<String> AUTHORS_REQUIRED = List.of("pos_embed", "patch_embed.proj.weight");
    /** Of every published network. */
    private static final int HEAD_WIDTH = 64;

    private static final String HEADS = "num_attention_heads";
    private static final Pattern CHUNK = Pattern.compile("blocks\\.(\\d{1,4})\\.(\\d{1,4})\\.(.*)");

    static VisionTransformerCheckpoint open(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return single(TensorFile.open(path), path);
        }
        Path configPath = path.resolve("config.json");
        if (!Files.isRegularFile(configPath)) {
            PathKind kind = PathKind.of(path);
            throw new PathKind(
                            kind.isKnown() ? kind.what() : "a folder without config.json",
                            kind.remedy(),
                            kind.isKnown())
                    .refused(
                            "checkpoint must be a folder with config.json and " + FILES.get(0)
                                    + ", or the authors' single file",
                            path);
        }
        JsonObject json = Json.readObject(configPath);
        Family family = Family.of(type(json));
        if (family == null) {
            throw new IOException("'model_type' must be vit, dinov2, dinov2_with_registers or dinov3_vit, got "
                    + Texts.shown(json.get("model_type")) + " (" + configPath
                    + "); this is a checkpoint of another family");
        }
        VisionTransformerConfig config = VisionTransformerConfig.read(json, family, configPath.toString());
        for (String name : FILES) {
            Path weights = path.resolve(name);
            if (Files.isRegularFile(weights)) {
                TensorFile file = TensorFile.open(weights);
                NetworkKeys keys = find(file, family == Family.DINOV3 ? REQUIRED_WITHOUT_POSITIONS : REQUIRED, weights);
                return new VisionTransformerCheckpoint(config, RenamedTensors.of(file, keys), keys);
            }
        }
        throw new IOException(
                "weights must be in " + String.join(" or ", FILES) + ", got neither (" + path + "); fetch one of them");
    }

    static String type(JsonObject config) {
        JsonElement type = config.get("model_type");
        return type != null && type.isJsonPrimitive() ? type.getAsString() : "";
    }

    /** Where the network is; where it is not, all keys, so that what is missing is named. Closes the file on an error. */
    private static NetworkKeys find(TensorFile file, List<String> required, Path path) throws IOException {
        Set<String> all = file.tensors().keySet();
        try {
            NetworkKeys keys = NetworkKeys.find(all, required, path);
            return keys != null
                    ? keys
                    : new NetworkKeys("", all.stream().collect(Collectors.toMap(name -> name, name -> name)), 0);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The family of a checkpoint, by its configuration or a file's names; null if it is none of these. */
    static @Nullable Family family(CheckpointPath path) {
        if (path.isFolder()) {
            return path.config("config.json")
                    .map(config -> Family.of(type(config)))
                    .orElse(null);
        }
        Set<String> keys = path.tensors();
        return NetworkKeys.prefixes(keys, AUTHORS_REQUIRED).isEmpty()
                ? null
                : keys.stream().anyMatch(key -> key.endsWith(".ls1.gamma")) ? Family.DINOV2 : Family.DINO;
    }

    @Override
    public void close() throws IOException {
        tensors.close();
    }

    private static VisionTransformerCheckpoint single(TensorFile file, Path path) throws IOException {
        NetworkKeys keys = find(file, AUTHORS_REQUIRED, path);
        try {
            Map<String, String> names = withoutChunks(keys.names());
            if (!names.keySet().containsAll(AUTHORS_REQUIRED)) {
                PathKind kind = PathKind.tensors(file);
                throw new IOException(
                        "file must hold a DINO or DINOv2 network as its authors publish it, with 'pos_embed' and"
                                + " 'patch_embed.proj.weight', got "
                                + (kind == null ? "" : kind.what() + ": ") + Texts.some(names.keySet()) + " (" + path
                                + "); this is a checkpoint of another family, or give the folder with config.json");
            }
            VisionTransformerConfig config = infer(file, names, path);
            Map<String, Part> parts = parts(config, names);
            List<String> left = new ArrayList<>(names.values());
            parts.values().forEach(part -> left.remove(part.name()));
            if (!left.isEmpty()) {
                throw new IOException("weights must have no key the network does not know, got " + Texts.some(left)
                        + " (" + path + "); this model has parts that this library does not support");
            }
            return new VisionTransformerCheckpoint(config, new RenamedTensors(file, parts), keys);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** {@code blocks.CHUNK.INDEX.}, as training in chunks of blocks writes it, as {@code blocks.N.}. */
    private static Map<String, String> withoutChunks(Map<String, String> names) {
        TreeSet<Integer> places = new TreeSet<>();
        for (String name : names.keySet()) {
            Matcher chunk = CHUNK.matcher(name);
            if (chunk.matches()) {
                places.add(place(chunk));
            }
        }
        if (places.isEmpty()) {
            return names;
        }
        Map<String, String> flat = new LinkedHashMap<>();
        names.forEach((name, old) -> {
            Matcher chunk = CHUNK.matcher(name);
            flat.put(
                    chunk.matches() ? "blocks." + places.headSet(place(chunk)).size() + "." + chunk.group(3) : name,
                    old);
        });
        return flat;
    }

    private static int place(Matcher chunk) {
        return 10_000 * Integer.parseInt(chunk.group(1)) + Integer.parseInt(chunk.group(2));
    }

    private static VisionTransformerConfig infer(TensorFile file, Map<String, String> names, Path path)
            throws IOException {
        TensorInfo position = info(file, names, "pos_embed");
        TensorInfo patch = info(file, names, "patch_embed.proj.weight");
        int dim = (int) position.dimensions()[position.dimensions().length - 1];
        int heads = heads(dim, path);
        int layers = 0;
        while (names.containsKey("blocks." + layers + ".norm1.weight")) {
            layers++;
        }
        int side = (int) Math.round(Math.sqrt(position.dimensions()[1] - 1.0));
        int patchSize = (int) patch.dimensions()[patch.dimensions().length - 1];
        if (layers == 0 || (long) side * side != position.dimensions()[1] - 1) {
            throw new IOException("network must have blocks and a square grid of positions, got width " + dim + ", "
                    + layers + " blocks and " + position.dimensions()[1] + " positions (" + path + ")");
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
                family, dim, layers, heads, wide, patchSize, side * patchSize, registers, swiglu, 1e-6, null);
    }

    /** By the width that every published network's heads have, else as a config.json beside the file says. */
    private static int heads(int dim, Path path) throws IOException {
        if (dim % HEAD_WIDTH == 0) {
            return dim / HEAD_WIDTH;
        }
        Path beside = path.resolveSibling("config.json");
        int heads = Files.isRegularFile(beside)
                ? new JsonConfig(Json.readObject(beside), beside.toString()).integer(HEADS, 0)
                : 0;
        if (heads < 1 || dim % heads != 0) {
            throw new IOException("heads must be of width " + HEAD_WIDTH + " or be told, got width " + dim
                    + (heads == 0 ? "" : " in " + heads + " heads") + " (" + path
                    + "); put a config.json with '" + HEADS + "' beside it");
        }
        return heads;
    }

    private static TensorInfo info(TensorFile file, Map<String, String> names, String name) throws IOException {
        return file.require(names.getOrDefault(name, name));
    }

    /** Transformers' keys to the authors'. */
    private static Map<String, Part> parts(VisionTransformerConfig config, Map<String, String> names) {
        VisionTransformerKeys keys = VisionTransformerKeys.of(config);
        Map<String, String> renames = new LinkedHashMap<>();
        renames.put("embeddings.cls_token", "cls_token");
        renames.put("embeddings.position_embeddings", "pos_embed");
        if (config.registers() > 0) {
            renames.put("embeddings.register_tokens", "register_tokens");
        }
        both(renames, keys.patches(), "patch_embed.proj");
        both(renames, keys.norm(), "norm");
        Map<String, Part> parts = new LinkedHashMap<>();
        for (int i = 0; i < config.layers(); i++) {
            String now = keys.blocks() + i + ".";
            String old = "blocks." + i + ".";
            both(renames, now + keys.norm1(), old + "norm1");
            both(renames, now + keys.norm2(), old + "norm2");
            both(renames, now + keys.output(), old + "attn.proj");
            both(renames, now + keys.up(), old + (config.swiglu() ? "mlp.w12" : "mlp.fc1"));
            both(renames, now + keys.down(), old + (config.swiglu() ? "mlp.w3" : "mlp.fc2"));
            if (keys.scaled()) {
                renames.put(now + "layer_scale1.lambda1", old + "ls1.gamma");
                renames.put(now + "layer_scale2.lambda1", old + "ls2.gamma");
            }
            for (String kind : List.of("weight", "bias")) {
                String qkv = old + "attn.qkv." + kind;
                String stacked = names.getOrDefault(qkv, qkv);
                parts.put(now + keys.query() + "." + kind, new Part(stacked, 0));
                parts.put(now + keys.key() + "." + kind, new Part(stacked, 1));
                parts.put(now + keys.value() + "." + kind, new Part(stacked, 2));
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
