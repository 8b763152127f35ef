package io.github.dhf4j.io;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a folder is that was given as a checkpoint. */
final class FolderKind {
    private static final String INDEX = "model_index.json";
    private static final String CONFIG = "config.json";
    private static final String OTHER = "give a checkpoint of a supported network";
    private static final String CACHE_PREFIX = "models--";

    private FolderKind() {}

    static PathKind of(Path folder) {
        try {
            List<Path> children = children(folder);
            PathKind kind = configured(folder);
            if (kind == null) {
                kind = adapter(children);
            }
            if (kind == null) {
                kind = around(folder, children);
            }
            return kind != null ? kind : other(children);
        } catch (IOException e) {
            return new PathKind(
                    "a folder that cannot be read: " + Texts.reason(e), "check the path and its rights", false);
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !name(file).startsWith(".")).sorted().toList();
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    /** By model_index.json or config.json. */
    private static @Nullable PathKind configured(Path folder) {
        Path index = folder.resolve(INDEX);
        if (Files.isRegularFile(index)) {
            return field(index, "_class_name", "a pipeline of class ", "give Stable Diffusion 1.x, 2.x or XL");
        }
        Path config = folder.resolve(CONFIG);
        Path above = folder.toAbsolutePath().normalize().getParent();
        boolean isPart = above != null && Files.isRegularFile(above.resolve(INDEX));
        if (isPart) {
            return PathKind.known("one part of a pipeline", "give the folder above it, " + above);
        }
        if (!Files.isRegularFile(config)) {
            return null;
        }
        PathKind part = field(
                config,
                "_class_name",
                "one part of a pipeline, of class ",
                "give the pipeline's folder, the one with " + INDEX);
        PathKind model = part != null ? part : field(config, "model_type", "a model of type ", OTHER);
        PathKind timm = model != null ? model : field(config, "architecture", "a model of architecture ", OTHER);
        return timm != null
                ? timm
                : PathKind.known("a folder whose " + CONFIG + " names no 'model_type'", "fetch the checkpoint again");
    }

    /** A folder told by one field of a file; where the file has none, null, where it cannot be read, by the reason. */
    private static @Nullable PathKind field(Path file, String key, String what, String remedy) {
        try {
            JsonObject json = Json.readObject(file);
            JsonElement value = json.get(key);
            return value == null || !value.isJsonPrimitive()
                    ? null
                    : PathKind.known(what + Texts.shown(value.getAsString()), remedy);
        } catch (IOException e) {
            return PathKind.known(
                    "a folder whose " + name(file) + " cannot be read: " + Texts.reason(e), "fetch it again");
        }
    }

    private static @Nullable PathKind adapter(List<Path> children) {
        boolean lora = children.stream()
                .map(FolderKind::name)
                .anyMatch(name -> name.equals("adapter_config.json")
                        || name.matches("(pytorch_lora_weights|adapter_model)\\.(safetensors|bin)"));
        return lora ? TensorFamily.LORA.kind() : null;
    }

    /** A hub's cache, or a folder one above a checkpoint. */
    private static @Nullable PathKind around(Path folder, List<Path> children) throws IOException {
        Path snapshots = folder.resolve("snapshots");
        if (Files.isDirectory(snapshots)) {
            return PathKind.known("the root of a model in a hub's cache", snapshot(folder, snapshots));
        }
        if (name(folder).equals("snapshots")) {
            return PathKind.known("the snapshots of a model in a hub's cache", snapshot(folder, folder));
        }
        List<Path> cached = children.stream()
                .filter(child -> name(child).startsWith(CACHE_PREFIX))
                .toList();
        if (!cached.isEmpty()) {
            return PathKind.known(
                    "a hub's cache of "
                            + Texts.some(cached.stream().map(FolderKind::name).toList()),
                    "give a folder below snapshots in one of them");
        }
        boolean isPipeline = children.stream().anyMatch(child -> name(child).matches("unet|vae|text_encoder"));
        List<Path> checkpoints = isPipeline
                ? List.of()
                : children.stream()
                        .filter(child ->
                                Files.isRegularFile(child.resolve(INDEX)) || Files.isRegularFile(child.resolve(CONFIG)))
                        .toList();
        return checkpoints.size() == 1
                ? PathKind.known("a folder around a checkpoint", "give " + checkpoints.get(0))
                : null;
    }

    private static String snapshot(Path root, Path snapshots) throws IOException {
        List<Path> revisions =
                children(snapshots).stream().filter(Files::isDirectory).toList();
        Path main = root.resolve("refs").resolve("main");
        if (Files.isRegularFile(main)) {
            String revision = TextFiles.read(main).strip();
            for (Path each : revisions) {
                if (name(each).equals(revision)) {
                    return "give " + each;
                }
            }
        }
        return revisions.isEmpty()
                ? "its snapshots hold nothing: download the model again"
                : revisions.size() == 1
                        ? "give " + revisions.get(0)
                        : "give one of "
                                + Texts.some(
                                        revisions.stream().map(FolderKind::name).toList()) + " in " + snapshots;
    }

    private static PathKind other(List<Path> children) {
        String without = ", without " + INDEX + " or " + CONFIG;
        if (children.isEmpty()) {
            return new PathKind("an empty folder" + without, "download the checkpoint into it", false);
        }
        List<Path> weights = children.stream()
                .filter(child -> name(child).matches(".*\\.(safetensors|ckpt|pth?|bin)"))
                .toList();
        if (weights.size() == 1) {
            PathKind inside = PathKind.of(weights.get(0));
            return new PathKind(
                    "a folder" + without + ", around " + name(weights.get(0)) + ": " + inside.what(),
                    inside.isKnown() ? inside.remedy() : "give the file itself",
                    inside.isKnown());
        }
        return new PathKind(
                "a folder" + without + ", which holds "
                        + Texts.some(children.stream().map(FolderKind::name).toList()),
                "check the path",
                false);
    }
}
