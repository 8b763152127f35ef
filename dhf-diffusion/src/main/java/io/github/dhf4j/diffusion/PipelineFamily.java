package io.github.dhf4j.diffusion;

import com.google.gson.JsonObject;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A family of pipelines: which parts it has, and what it makes of prompts. To add one takes a {@link PromptEncoder} with a
 * family, and a line in {@link #of}.
 *
 * @param texts its text encoders and their tokenizers
 * @param indexFlags flags of {@code model_index.json} that change features; true where they are absent
 * @param fit says that its parts fit
 * @param prompts makes of the texts' parts what encodes prompts
 */
record PipelineFamily(List<Text> texts, List<String> indexFlags, Fit fit, Prompts prompts) {
    /**
     * A text encoder and its tokenizer, by their folders.
     *
     * @param pools whether its projection is used
     */
    record Text(String encoder, String tokenizer, boolean pools) {
        static Text of(String suffix, boolean pools) {
            return new Text("text_encoder" + suffix, "tokenizer" + suffix, pools);
        }

        private List<Part> parts() {
            List<String> classes = pools
                    ? List.of("CLIPTextModelWithProjection")
                    : List.of("CLIPTextModel", "CLIPTextModelWithProjection", "CLIPModel");
            return List.of(
                    new Part(encoder, classes), new Part(tokenizer, List.of("CLIPTokenizer", "CLIPTokenizerFast")));
        }
    }

    /**
     * A part of a pipeline.
     *
     * @param name its key and its folder
     * @param classes what it may be
     */
    record Part(String name, List<String> classes) {}

    @FunctionalInterface
    interface Fit {
        void require(UNet2DConditionConfig unet, List<TextPart> parts, DiffusersFolder folder) throws IOException;
    }

    @FunctionalInterface
    interface Prompts {
        PromptEncoder open(List<TextPart> parts, DiffusersFolder folder) throws IOException;
    }

    /** The family of a {@code model_index.json}, whether or not all its parts are there. */
    static PipelineFamily of(JsonObject index, String type) {
        return type.startsWith("StableDiffusionXL") || DiffusersFolder.has(index, "text_encoder_2")
                ? SdxlPrompts.FAMILY
                : ClipPrompts.FAMILY;
    }

    List<Part> parts() {
        List<Part> parts = new ArrayList<>(
                List.of(new Part("unet", List.of("UNet2DConditionModel")), new Part("vae", List.of("AutoencoderKL"))));
        texts.forEach(text -> parts.addAll(text.parts()));
        return parts;
    }

    /** Opens the text encoders and tokenizers, and says that the parts of the pipeline fit. */
    PromptEncoder openPrompts(DiffusersFolder folder) throws IOException {
        List<TextPart> parts = new ArrayList<>();
        try {
            for (Text text : texts) {
                parts.add(TextPart.open(folder, text));
            }
            fit.require(folder.unetConfig(), parts, folder);
            return prompts.open(parts, folder);
        } catch (IOException | RuntimeException e) {
            parts.forEach(TextPart::close);
            throw e;
        }
    }
}
