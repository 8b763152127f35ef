package io.github.dhf4j.diffusion;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.diffusion.model.Conditions;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.HostTensors;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stable Diffusion 1.x and 2.x: the hidden state of one text encoder after its final layer norm. */
final class ClipPrompts implements PromptEncoder {
    static final PipelineFamily FAMILY = new PipelineFamily(
            List.of(PipelineFamily.Text.of("", false)), List.of(), ClipPrompts::requireFit, ClipPrompts::new);

    private final TextPart part;
    private final PromptCache<float[]> kept = new PromptCache<>();

    ClipPrompts(List<TextPart> parts, DiffusersFolder folder) {
        this.part = parts.get(0);
    }

    private static void requireFit(UNet2DConditionConfig unet, List<TextPart> parts, DiffusersFolder folder)
            throws IOException {
        if (unet.textTime() != null) {
            throw new IOException("addition_embed_type of the UNet must be absent where there is no text_encoder_2, got"
                    + " text_time (" + folder.path() + "); parts must be of one checkpoint");
        }
        int width = parts.get(0).config().hiddenSize();
        if (width != unet.crossAttentionDim()) {
            throw new IOException(
                    "cross_attention_dim of the UNet must be the text encoder's hidden_size " + width + ", got "
                            + unet.crossAttentionDim() + " (" + folder.path() + "); parts must be of one checkpoint");
        }
    }

    @Override
    public List<long[]> tokens(String prompt) {
        return List.of(part.tokens(prompt));
    }

    @Override
    public Conditions encode(@Nullable String prompt, Size size, NDManager owner) {
        float[] values = kept.get(prompt == null ? "" : prompt, text -> values(text, owner));
        int width = part.config().hiddenSize();
        return Conditions.of(HostTensors.of(owner, values, new Shape(1, values.length / width, width)));
    }

    private float[] values(String prompt, NDManager manager) {
        return part.run(
                manager,
                (encoder, work) -> HostTensors.floats(encoder.encode(new long[][] {part.tokens(prompt)}, work)));
    }

    @Override
    public void close() {
        part.close();
    }
}
