package io.github.dhf4j.diffusion;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.diffusion.model.AutoencoderKLConfig;
import io.github.dhf4j.diffusion.model.CLIPTextConfig;
import io.github.dhf4j.diffusion.model.CLIPTextProjection;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.JsonConfig;
import io.github.dhf4j.io.OpenedFiles;
import io.github.dhf4j.io.PathKind;
import io.github.dhf4j.io.SafeTensors;
import io.github.dhf4j.io.ShardedTensors;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint as published in the diffusers layout: which parts it has and which files hold their weights. Parts that
 * are not needed (safety checker, feature extractor, image encoder) are passed over.
 */
final class DiffusersFolder {
    static final String INDEX = "model_index.json";
    private static final String CONFIG = "config.json";
    static final String UNET = "unet";
    private static final List<String> FOREIGN = List.of("text_encoder_3", "transformer", "prior");

    private static final List<String> VARIANTS = List.of("", ".fp32", ".fp16", ".bf16");

    private final Path root;
    private final @Nullable Path otherUNet;
    private final JsonObject index;
    private final PipelineFamily family;
    private final List<Path> files;
    private final OpenedFiles opened;

    private DiffusersFolder(Path root, @Nullable Path otherUNet, JsonObject index, PipelineFamily family)
            throws IOException {
        this.root = root;
        this.otherUNet = otherUNet;
        this.index = index;
        this.family = family;
        this.files = files(root, otherUNet, family);
        this.opened = OpenedFiles.of(files);
    }

    /** All files that the networks, the tokenizers and the schedule are read from. */
    private static List<Path> files(Path root, @Nullable Path otherUNet, PipelineFamily family) throws IOException {
        List<Path> found = new ArrayList<>();
        List<String> parts = new ArrayList<>(
                family.parts().stream().map(PipelineFamily.Part::name).toList());
        parts.add("scheduler");
        for (String part : parts) {
            for (String name : names(root.resolve(part))) {
                Path file = root.resolve(part).resolve(name);
                boolean replaced = otherUNet != null && part.equals(UNET) && !name.equals(CONFIG);
                if (Files.isRegularFile(file) && name.matches(".*\\.(json|txt|safetensors)") && !replaced) {
                    found.add(file);
                }
            }
        }
        if (otherUNet != null) {
            found.add(otherUNet);
        }
        return found;
    }

    static DiffusersFolder open(Path root) throws IOException {
        return open(root, null);
    }

    /** With the weights of another file in place of those of its UNet, where one is given. */
    static DiffusersFolder open(Path root, @Nullable Path otherUNet) throws IOException {
        Path index = root.resolve(INDEX);
        if (!Files.isRegularFile(index)) {
            throw withoutIndex(root);
        }
        if (otherUNet != null && !Files.isRegularFile(otherUNet)) {
            throw PathKind.of(otherUNet).refused("UNet must be a file of weights in diffusers' keys", otherUNet);
        }
        JsonObject json = Json.readObject(index);
        return new DiffusersFolder(root, otherUNet, json, family(json, index.toString()));
    }

    /** The family of an index, whose parts are of the classes that it needs. */
    static PipelineFamily family(JsonObject json, String index) throws IOException {
        String type = Texts.shown(json.get("_class_name"));
        String other = foreignPart(json);
        if (other != null) {
            throw new IOException("'" + other + "' must be absent, got " + Texts.shown(json.get(other)) + " (" + index
                    + ", of class " + type + ")" + UNet2DConditionConfig.SUPPORTED);
        }
        if (new JsonConfig(json, index).flag("requires_aesthetics_score", false)) {
            throw new IOException("'requires_aesthetics_score' must be false, got true (" + index + ", of class " + type
                    + "); it is a refiner, give the base that it was made for");
        }
        PipelineFamily family = PipelineFamily.of(json, type.replace("\"", ""));
        for (PipelineFamily.Part part : family.parts()) {
            JsonElement entry = json.get(part.name());
            String found = entry instanceof JsonArray array
                            && array.size() == 2
                            && array.get(1).isJsonPrimitive()
                    ? array.get(1).getAsString()
                    : "none";
            if (!part.classes().contains(found)) {
                throw new IOException("'" + part.name() + "' must be "
                        + part.classes().get(0) + ", got " + Texts.shown(found) + " (" + index + ", of class " + type
                        + ")" + UNet2DConditionConfig.SUPPORTED);
            }
        }
        return family;
    }

    /** Whether an index names a UNet and no part of another family, whatever else is there. */
    static boolean namesUNet(JsonObject index) {
        return index.has(UNET) && foreignPart(index) == null;
    }

    /** A part that only pipelines of other families have, or null. */
    private static @Nullable String foreignPart(JsonObject index) {
        return FOREIGN.stream().filter(part -> has(index, part)).findFirst().orElse(null);
    }

    /** Whether an index names a part. */
    static boolean has(JsonObject index, String part) {
        return index.get(part) instanceof JsonArray array
                && array.size() == 2
                && !array.get(0).isJsonNull();
    }

    private static IOException withoutIndex(Path root) {
        PathKind kind = PathKind.of(root);
        String found = kind.isKnown()
                ? (Files.isRegularFile(root) ? "a file: " : "") + kind.what()
                : !Files.exists(root) ? "no such folder" : Files.isDirectory(root) ? "a folder without one" : "a file";
        return new PathKind(found, kind.remedy(), kind.isKnown())
                .refused("checkpoint must be a folder with model_index.json (the diffusers layout)", root);
    }

    Path path() {
        return root;
    }

    /** The folder's name, and that of the UNet that is put into it. */
    String name() {
        return Texts.lastName(root) + (otherUNet == null ? "" : " with " + Texts.lastName(otherUNet));
    }

    Path file(String part, String name) {
        return root.resolve(part).resolve(name);
    }

    UNet2DConditionConfig unetConfig() throws IOException {
        return UNet2DConditionConfig.read(config(UNET), where(UNET));
    }

    AutoencoderKLConfig vaeConfig() throws IOException {
        return AutoencoderKLConfig.read(config("vae"), where("vae"));
    }

    CLIPTextConfig textConfig(String part) throws IOException {
        return CLIPTextConfig.read(config(part), where(part));
    }

    CLIPTextProjection.Config projectionConfig(String part) throws IOException {
        return CLIPTextProjection.Config.read(config(part), where(part));
    }

    private JsonObject config(String part) throws IOException {
        return Json.readPythonObject(file(part, CONFIG));
    }

    private String where(String part) {
        return file(part, CONFIG).toString();
    }

    /** A flag of the index. */
    boolean flag(String key, boolean otherwise) throws IOException {
        return new JsonConfig(index, file(INDEX, "").toString()).flag(key, otherwise);
    }

    /** The text encoders and their tokenizers, by their folders. */
    List<PipelineFamily.Text> texts() {
        return family.texts();
    }

    /** Says that latents and network fit. */
    void requireFit() throws IOException {
        int in = unetConfig().inChannels();
        int latent = vaeConfig().latentChannels();
        if (in != latent) {
            throw new IOException("in_channels of the UNet must be the autoencoder's latent_channels " + latent
                    + ", got " + in + " (" + root + "); inpainting and depth checkpoints are not supported");
        }
    }

    /** Opens the text encoders and tokenizers, once they fit the network; the caller closes it. */
    PromptEncoder openPrompts() throws IOException {
        return family.openPrompts(this);
    }

    /** A digest of all files that the networks, the tokenizers and the schedule are read from, and of the index' flags. */
    String fingerprint() throws IOException {
        List<String> digests = opened.digests();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < digests.size(); i++) {
            Path file = files.get(i);
            Path named = file.equals(otherUNet) ? Path.of(UNET, "other") : root.relativize(file);
            lines.add(named.getParent() + "/" + named.getFileName() + " " + digests.get(i));
        }
        for (String key : family.indexFlags()) {
            lines.add(INDEX + " " + key + " " + flag(key, true));
        }
        return Digests.of(String.join("\n", lines));
    }

    /**
     * Opens a part's weights. Of several files the first of these is taken: full precision, then the variants fp32, fp16
     * and bf16; of each the single file before shards.
     */
    TensorFile weights(String part) throws IOException {
        if (otherUNet != null && part.equals(UNET)) {
            return TensorFile.open(otherUNet);
        }
        for (String name : weightFiles(part, VARIANTS)) {
            Path path = file(part, name);
            if (Files.isRegularFile(path)) {
                return name.endsWith(".json") ? ShardedTensors.open(path) : SafeTensors.open(path);
            }
        }
        throw withoutWeights(part, names(root.resolve(part)), root.resolve(part).toString());
    }

    /** The names that a part's weights may have, the best first. */
    static List<String> weightFiles(String part, List<String> variants) {
        String stem = stem(part);
        return variants.stream()
                .flatMap(variant -> Stream.of(
                        stem + variant + ".safetensors",
                        stem + ".safetensors.index" + variant + ".json",
                        stem + variant + ".safetensors.index.json"))
                .distinct()
                .toList();
    }

    private static String stem(String part) {
        return part.startsWith("text_encoder") ? "model" : "diffusion_pytorch_model";
    }

    /** The refusal of a part that has none of them. */
    static IOException withoutWeights(String part, Collection<String> there, String where) {
        String stem = stem(part);
        boolean pickled = there.stream().anyMatch(name -> name.endsWith(".bin"));
        return new IOException("weights of '" + part + "' must be in " + stem
                + ".safetensors (or .fp16.safetensors, .bf16.safetensors, or shards with an index), got "
                + Texts.some(there) + " (" + where + "); "
                + (pickled ? "fetch the safetensors files of the checkpoint instead of .bin" : "fetch them"));
    }

    /** What lies in a part's folder, in order, but for hidden files such as the ._ ones of macOS. */
    private static List<String> names(Path part) throws IOException {
        if (!Files.isDirectory(part)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(part)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }
}
