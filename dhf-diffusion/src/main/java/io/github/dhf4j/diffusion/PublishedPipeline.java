package io.github.dhf4j.diffusion;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.io.hub.PublishedFiles;
import io.github.dhf4j.spi.WantedParts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Which files of a published pipeline {@link DiffusersFolder} reads: its parts' configurations and weights, once each. */
final class PublishedPipeline {
    private static final List<String> OF_TOKENIZERS = List.of(
            "tokenizer.json",
            "vocab.json",
            "merges.txt",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json");

    private final PublishedFiles files;
    private final boolean withUNet;
    private final List<String> variants;
    private final List<String> chosen = new ArrayList<>();

    private PublishedPipeline(PublishedFiles files, WantedParts wanted) {
        this.files = files;
        this.withUNet = wanted.unet();
        this.variants = switch (wanted.dtype()) {
            case FLOAT16 -> List.of(".fp16", "", ".fp32", ".bf16");
            case BFLOAT16 -> List.of(".bf16", ".fp16", "", ".fp32");
            default -> List.of("", ".fp32", ".fp16", ".bf16");
        };
    }

    /** The files; none if it is no pipeline with a UNet. */
    static List<String> select(PublishedFiles files, WantedParts wanted) throws IOException {
        Optional<JsonObject> index = files.config(DiffusersFolder.INDEX);
        return index.filter(DiffusersFolder::namesUNet).isEmpty()
                ? List.of()
                : new PublishedPipeline(files, wanted).choose(index.get());
    }

    private List<String> choose(JsonObject index) throws IOException {
        PipelineFamily family = DiffusersFolder.family(index, files.name() + "/" + DiffusersFolder.INDEX);
        chosen.add(DiffusersFolder.INDEX);
        addIfThere("scheduler/scheduler_config.json");
        for (PipelineFamily.Part part : family.parts()) {
            if (part.name().startsWith("tokenizer")) {
                OF_TOKENIZERS.forEach(name -> addIfThere(part.name() + "/" + name));
            } else {
                addIfThere(part.name() + "/config.json");
                if (withUNet || !part.name().equals(DiffusersFolder.UNET)) {
                    addWeights(part.name());
                }
            }
        }
        return chosen;
    }

    private boolean addIfThere(String path) {
        return files.names().contains(path) && chosen.add(path);
    }

    private void addWeights(String part) throws IOException {
        for (String name : DiffusersFolder.weightFiles(part, variants)) {
            String path = part + "/" + name;
            if (addIfThere(path)) {
                if (name.endsWith(".json")) {
                    addShards(part, path);
                }
                return;
            }
        }
        List<String> there = files.names().stream()
                .filter(path -> path.startsWith(part + "/"))
                .map(path -> path.substring(part.length() + 1))
                .toList();
        throw DiffusersFolder.withoutWeights(part, there, files.name() + "/" + part);
    }

    private void addShards(String part, String index) throws IOException {
        JsonElement map = files.config(index).orElseThrow().get("weight_map");
        TreeSet<String> shards = new TreeSet<>();
        if (map instanceof JsonObject object) {
            for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
                shards.add(part + "/"
                        + (entry.getValue().isJsonPrimitive() ? entry.getValue().getAsString() : ""));
            }
        }
        for (String shard : shards) {
            if (!addIfThere(shard)) {
                throw new IOException("shard '" + Texts.shown(shard) + "' must be where its index says, got none ("
                        + files.name() + "/" + index + "); the repository is not whole");
            }
        }
    }
}
