package io.github.dhf4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.hub.PublishedFiles;
import io.github.dhf4j.spi.WantedParts;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What of a published pipeline is fetched, by listings as they are published. */
class PublishedPipelineTest {
    private static final WantedParts WANTED = new WantedParts(DataType.FLOAT32, true);

    private static final String INDEX = """
            {"_class_name": "StableDiffusionPipeline", "scheduler": ["diffusers", "PNDMScheduler"],
             "safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"],
             "feature_extractor": ["transformers", "CLIPImageProcessor"],
             "text_encoder": ["transformers", "CLIPTextModel"], "tokenizer": ["transformers", "CLIPTokenizer"],
             "unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "AutoencoderKL"]}
            """;

    private static final List<String> SMALL = List.of(
            "model_index.json",
            "scheduler/scheduler_config.json",
            "text_encoder/config.json",
            "tokenizer/merges.txt",
            "tokenizer/special_tokens_map.json",
            "tokenizer/tokenizer_config.json",
            "tokenizer/vocab.json",
            "unet/config.json",
            "vae/config.json");

    /** A repository without bytes. */
    private static final class Listing implements PublishedFiles {
        private final Set<String> names = new TreeSet<>(SMALL);
        private final Map<String, String> configs = new HashMap<>(Map.of("model_index.json", INDEX));

        private Listing with(String... more) {
            names.addAll(List.of(more));
            return this;
        }

        @Override
        public String name() {
            return "owner/sd";
        }

        @Override
        public Set<String> names() {
            return names;
        }

        @Override
        public Optional<JsonObject> config(String path) throws IOException {
            return names.contains(path)
                    ? Optional.of(Json.parseObject(configs.getOrDefault(path, "{}")))
                    : Optional.empty();
        }
    }

    private static Listing sd15() {
        Listing listing = new Listing();
        for (String part : List.of("safety_checker", "text_encoder", "unet", "vae")) {
            String stem = part.equals("unet") || part.equals("vae") ? "diffusion_pytorch_model" : "model";
            for (String variant : List.of("", ".fp16", ".non_ema")) {
                listing.with(part + "/" + stem + variant + ".safetensors", part + "/" + stem + variant + ".bin");
            }
            listing.with(
                    part + "/pytorch_model.bin",
                    part + "/pytorch_model.fp16.bin",
                    part + "/flax_model.msgpack",
                    part + "/model.onnx",
                    part + "/openvino_model.xml",
                    part + "/openvino_model.bin");
        }
        return listing.with(
                "README.md",
                "v1-5-pruned.ckpt",
                "v1-5-pruned.safetensors",
                "safety_checker/config.json",
                "feature_extractor/preprocessor_config.json");
    }

    @Test
    void aUNetThatIsReplacedIsNotFetched() throws IOException {
        Listing listing = sd15();
        List<String> all = PublishedPipeline.select(listing, WANTED);
        List<String> without = PublishedPipeline.select(listing, new WantedParts(DataType.FLOAT32, false));
        assertThat(without).contains("unet/config.json", "vae/diffusion_pytorch_model.safetensors");
        assertThat(all)
                .hasSize(without.size() + 1)
                .containsAll(without)
                .contains("unet/diffusion_pytorch_model.safetensors");
        listing.names.removeIf(name -> name.startsWith("unet/") && name.endsWith(".safetensors"));
        assertThat(PublishedPipeline.select(listing, new WantedParts(DataType.FLOAT32, false)))
                .isEqualTo(without);
    }

    private static Set<String> chosen(Listing listing, DataType dtype) throws IOException {
        List<String> chosen = PublishedPipeline.select(listing, new WantedParts(dtype, true));
        assertThat(chosen).doesNotHaveDuplicates();
        Set<String> large = new TreeSet<>(chosen);
        large.removeAll(SMALL);
        assertThat(chosen).containsAll(SMALL);
        return large;
    }

    @Test
    void eachPartIsFetchedOnceInTheWantedPrecision() throws IOException {
        assertThat(chosen(sd15(), DataType.FLOAT32))
                .containsExactly(
                        "text_encoder/model.safetensors",
                        "unet/diffusion_pytorch_model.safetensors",
                        "vae/diffusion_pytorch_model.safetensors");
        for (DataType half : new DataType[] {DataType.FLOAT16, DataType.BFLOAT16}) {
            assertThat(chosen(sd15(), half))
                    .containsExactly(
                            "text_encoder/model.fp16.safetensors",
                            "unet/diffusion_pytorch_model.fp16.safetensors",
                            "vae/diffusion_pytorch_model.fp16.safetensors");
        }
    }

    @Test
    void whereThereIsOnePrecisionItIsTaken() throws IOException {
        Listing listing = new Listing()
                .with(
                        "text_encoder/model.fp16.safetensors",
                        "unet/diffusion_pytorch_model.bf16.safetensors",
                        "vae/diffusion_pytorch_model.safetensors");
        for (DataType dtype : new DataType[] {DataType.FLOAT32, DataType.FLOAT16, DataType.BFLOAT16}) {
            assertThat(chosen(listing, dtype)).hasSize(3);
        }
    }

    @Test
    void shardsAreThoseOfTheIndex() throws IOException {
        Listing listing = sd15().with(
                        "unet/diffusion_pytorch_model.safetensors.index.json",
                        "unet/diffusion_pytorch_model-00001-of-00002.safetensors",
                        "unet/diffusion_pytorch_model-00002-of-00002.safetensors");
        listing.names.remove("unet/diffusion_pytorch_model.safetensors");
        listing.configs.put("unet/diffusion_pytorch_model.safetensors.index.json", """
                {"weight_map": {"a": "diffusion_pytorch_model-00001-of-00002.safetensors",
                 "b": "diffusion_pytorch_model-00002-of-00002.safetensors",
                 "c": "diffusion_pytorch_model-00001-of-00002.safetensors"}}
                """);
        assertThat(chosen(listing, DataType.FLOAT32))
                .contains(
                        "unet/diffusion_pytorch_model.safetensors.index.json",
                        "unet/diffusion_pytorch_model-00001-of-00002.safetensors",
                        "unet/diffusion_pytorch_model-00002-of-00002.safetensors")
                .hasSize(5);
        listing.names.remove("unet/diffusion_pytorch_model-00002-of-00002.safetensors");
        assertThatThrownBy(() -> PublishedPipeline.select(listing, WANTED))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("00002-of-00002.safetensors' must be where its index says");
    }

    @Test
    void picklesOnlyAreRefusedBeforeTheyAreFetched() {
        Listing listing = sd15();
        listing.names.removeIf(name -> name.startsWith("unet/") && name.endsWith(".safetensors"));
        assertThatThrownBy(() -> PublishedPipeline.select(listing, WANTED))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("weights of 'unet' must be in diffusion_pytorch_model.safetensors")
                .hasMessageContaining("(owner/sd/unet)");
    }

    @Test
    void otherPipelinesAreNoneOrRefused() throws IOException {
        Listing listing = sd15();
        listing.configs.put("model_index.json", "{\"_class_name\": \"FluxPipeline\", \"transformer\": [\"d\", \"F\"]}");
        assertThat(PublishedPipeline.select(listing, WANTED)).isEmpty();
        listing.configs.put("model_index.json", INDEX.replace("UNet2DConditionModel", "UNet3DConditionModel"));
        assertThatThrownBy(() -> PublishedPipeline.select(listing, WANTED))
                .hasMessageContaining("'unet' must be UNet2DConditionModel, got UNet3DConditionModel")
                .hasMessageContaining("owner/sd/model_index.json");
        listing.names.remove("model_index.json");
        assertThat(PublishedPipeline.select(listing, WANTED)).isEmpty();
    }
}
