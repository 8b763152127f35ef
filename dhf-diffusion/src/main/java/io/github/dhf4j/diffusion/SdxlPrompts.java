package io.github.dhf4j.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.diffusion.model.CLIPTextProjection;
import io.github.dhf4j.diffusion.model.Conditions;
import io.github.dhf4j.diffusion.model.TextTime;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.HostTensors;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stable Diffusion XL: the last but one hidden states of two text encoders side by side, the second one's pooled text, and
 * six numbers, of which original and target size are that of the images and the crop begins at 0. A negative prompt that
 * is absent is zeros where {@code force_zeros_for_empty_prompt} says so, which it does unless it is false; an empty one is
 * encoded.
 *
 * <p>Source: diffusers' {@code StableDiffusionXLPipeline}, {@code encode_prompt} and {@code _get_add_time_ids}.
 */
final class SdxlPrompts implements PromptEncoder {
    private static final String FORCE_ZEROS = "force_zeros_for_empty_prompt";

    static final PipelineFamily FAMILY = new PipelineFamily(
            List.of(PipelineFamily.Text.of("", false), PipelineFamily.Text.of("_2", true)),
            List.of(FORCE_ZEROS),
            SdxlPrompts::requireFit,
            SdxlPrompts::new);

    private record Encoded(float[] text, float[] pooled) {}

    private final TextPart first;
    private final TextPart second;
    private final int pooledWidth;
    private final boolean forceZeros;
    private final PromptCache<Encoded> kept = new PromptCache<>();

    SdxlPrompts(List<TextPart> parts, DiffusersFolder folder) throws IOException {
        this.first = parts.get(0);
        this.second = parts.get(1);
        this.pooledWidth = projection(second).projectionDim();
        this.forceZeros = folder.flag(FORCE_ZEROS, true);
    }

    private static void requireFit(UNet2DConditionConfig unet, List<TextPart> parts, DiffusersFolder folder)
            throws IOException {
        String where = " (" + folder.path() + "); parts must be of one checkpoint";
        TextTime textTime = unet.textTime();
        if (textTime == null) {
            throw new IOException("addition_embed_type of the UNet must be text_time, got none" + where);
        }
        int a = parts.get(0).config().hiddenSize();
        int b = parts.get(1).config().hiddenSize();
        if (a + b != unet.crossAttentionDim()) {
            throw new IOException("cross_attention_dim of the UNet must be the text encoders' hidden_size together, "
                    + a + " + " + b + ", got " + unet.crossAttentionDim() + where);
        }
        int pooled = projection(parts.get(1)).projectionDim();
        if (pooled != textTime.pooledWidth()) {
            throw new IOException("projection_class_embeddings_input_dim of the UNet must be 6 times"
                    + " addition_time_embed_dim plus text_encoder_2's projection_dim, 6 x " + textTime.timeWidth()
                    + " + " + pooled + ", got " + textTime.inputWidth() + where);
        }
        int[] tokens = {parts.get(0).tokens("").length, parts.get(1).tokens("").length};
        if (tokens[0] != tokens[1]) {
            throw new IOException(
                    "both tokenizers must give as many tokens, got " + tokens[0] + " and " + tokens[1] + where);
        }
    }

    private static CLIPTextProjection.Config projection(TextPart part) {
        CLIPTextProjection.Config projection = part.projection();
        if (projection == null) {
            throw new IllegalStateException("the second text encoder must have a projection, got none");
        }
        return projection;
    }

    @Override
    public List<long[]> tokens(String prompt) {
        return List.of(first.tokens(prompt), second.tokens(prompt));
    }

    @Override
    public Conditions encode(@Nullable String prompt, Size size, NDManager owner) {
        int width = first.config().hiddenSize() + second.config().hiddenSize();
        Encoded encoded = prompt == null && forceZeros
                ? new Encoded(new float[first.tokens("").length * width], new float[pooledWidth])
                : kept.get(prompt == null ? "" : prompt, text -> encoded(text, owner));
        float[] ids = {size.height(), size.width(), 0, 0, size.height(), size.width()};
        return new Conditions(
                HostTensors.of(owner, encoded.text, new Shape(1, encoded.text.length / width, width)),
                new Conditions.Added(
                        HostTensors.of(owner, encoded.pooled, new Shape(1, pooledWidth)),
                        HostTensors.of(owner, ids, new Shape(1, ids.length))),
                null);
    }

    private Encoded encoded(String prompt, NDManager manager) {
        long[][] ids = {first.tokens(prompt)};
        long[] others = second.tokens(prompt);
        try (NDManager both = manager.newSubManager()) {
            NDArray half = first.run(manager, (encoder, work) -> leaving(encoder.penultimate(ids, work), both));
            float[][] pooled = new float[1][];
            NDArray rest = second.run(manager, (encoder, work) -> {
                pooled[0] = HostTensors.floats(encoder.pooled(others, encoder.encode(new long[][] {others}, work)));
                return leaving(encoder.penultimate(new long[][] {others}, work), both);
            });
            return new Encoded(HostTensors.floats(half.concat(rest, 2)), pooled[0]);
        }
    }

    private static NDArray leaving(NDArray array, NDManager owner) {
        array.attach(owner);
        return array;
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }
}
