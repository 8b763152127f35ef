package io.github.dhf4j.diffusion.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.JsonConfig;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code unet/config.json} says, for the forms that SD 1.x, 2.x and XL and those distilled of them
 * have. Anything else is refused by name.
 *
 * @param sampleSize side of the latent the network was trained at
 * @param inChannels latent channels
 * @param blockOutChannels width of each level
 * @param attentionDown which levels of the encoder have cross-attention
 * @param attentionUp which levels of the decoder have cross-attention, deepest first
 * @param layersPerBlock residual blocks of an encoder level; the decoder has one more
 * @param heads attention heads of each level
 * @param transformerLayers transformer depth of each level
 * @param crossAttentionDim width of the text embedding
 * @param normGroups groups of the group norms
 * @param normEps their epsilon
 * @param flipSinToCos order of the timestep embedding's halves
 * @param freqShift of the timestep embedding
 * @param midBlock whether there is a middle block; BK-SDM-Small has none
 * @param guidanceWidth width of the embedded guidance scale ({@code time_cond_proj_dim}), 0 where the network takes none
 * @param textTime what is added to the timestep's embedding; null for nothing
 */
public record UNet2DConditionConfig(
        int sampleSize,
        int inChannels,
        List<Integer> blockOutChannels,
        List<Boolean> attentionDown,
        List<Boolean> attentionUp,
        int layersPerBlock,
        List<Integer> heads,
        List<Integer> transformerLayers,
        int crossAttentionDim,
        int normGroups,
        double normEps,
        boolean flipSinToCos,
        double freqShift,
        boolean midBlock,
        int guidanceWidth,
        @Nullable TextTime textTime) {
    /** How refusals of other networks end. */
    public static final String SUPPORTED = "; this library supports Stable Diffusion 1.x, 2.x and XL";

    private static final String MID_BLOCK = "UNetMidBlock2DCrossAttn";

    /**
     * The form of SD 1.x and 2.x: latents of four channels, two residual blocks a level, cross-attention of depth 1, a
     * middle block.
     *
     * @param sampleSize as above
     * @param blockOutChannels as above
     * @param attention which levels have cross-attention, widest first, in the encoder and in the decoder
     * @param heads attention heads, of every level
     * @param crossAttentionDim as above
     * @param normGroups as above
     * @return the configuration
     */
    public static UNet2DConditionConfig stableDiffusion(
            int sampleSize,
            List<Integer> blockOutChannels,
            List<Boolean> attention,
            int heads,
            int crossAttentionDim,
            int normGroups) {
        List<Boolean> up = new ArrayList<>(attention);
        Collections.reverse(up);
        int levels = blockOutChannels.size();
        return new UNet2DConditionConfig(
                sampleSize,
                4,
                blockOutChannels,
                attention,
                List.copyOf(up),
                2,
                Collections.nCopies(levels, heads),
                Collections.nCopies(levels, 1),
                crossAttentionDim,
                normGroups,
                1e-5,
                true,
                0,
                true,
                0,
                null);
    }

    /**
     * Reads the configuration.
     *
     * @param json the file's content
     * @param where the file's path, for messages
     * @return the configuration
     * @throws IOException naming the first setting that is not supported
     */
    public static UNet2DConditionConfig read(JsonObject json, String where) throws IOException {
        JsonConfig config = new JsonConfig(json, where);
        config.expect("_class_name", "UNet2DConditionModel");
        config.ignore("dropout", "upcast_attention", "addition_embed_type_num_heads");
        config.expect("act_fn", "silu")
                .expect("attention_type", "default")
                .expect("conv_in_kernel", 3)
                .expect("conv_out_kernel", 3)
                .expect("downsample_padding", 1)
                .expect("mid_block_scale_factor", 1)
                .expect("mid_block_type", MID_BLOCK)
                .expect("resnet_out_scale_factor", 1)
                .expect("resnet_time_scale_shift", "default")
                .expect("time_embedding_type", "positional")
                .ignore("use_linear_projection");
        List<Integer> channels = config.integers("block_out_channels");
        int levels = channels.size();
        List<String> down = config.texts("down_block_types");
        List<String> up = config.texts("up_block_types");
        if (down.size() != levels || up.size() != levels) {
            throw new IOException("down_block_types and up_block_types must name " + levels
                    + " blocks, one for each of block_out_channels, got " + Texts.shown(down) + " and "
                    + Texts.shown(up) + " (" + where
                    + "); fetch the file again");
        }
        int groups = config.integer("norm_num_groups", 32);
        for (int width : channels) {
            if (width < 1 || groups < 1 || width % groups != 0) {
                throw new IOException("block_out_channels must be divisible by norm_num_groups " + groups + ", got "
                        + Texts.shown(channels) + " (" + where + "); fetch the file again");
            }
        }
        List<Integer> headDim = config.integerPerBlock("attention_head_dim", 8, levels);
        // diffusers' habit: what is called attention_head_dim is the number of heads unless that is given by its name
        List<Integer> heads = json.has("num_attention_heads")
                        && !json.get("num_attention_heads").isJsonNull()
                ? config.integerPerBlock("num_attention_heads", 8, levels)
                : headDim;
        config.ignore("num_attention_heads");
        int in = config.integer("in_channels", 4);
        int out = config.integer("out_channels", in);
        if (in != out) {
            throw new IOException("'in_channels' must be the 'out_channels' " + out + ", got " + in + " (" + where
                    + "); inpainting, depth and editing checkpoints are not supported");
        }
        int layers = config.count("layers_per_block", 2);
        UNet2DConditionConfig result = new UNet2DConditionConfig(
                config.integer("sample_size", 64),
                in,
                channels,
                kinds(down, "CrossAttnDownBlock2D", "DownBlock2D", "down_block_types", where),
                kinds(up, "CrossAttnUpBlock2D", "UpBlock2D", "up_block_types", where),
                layers,
                heads,
                config.countPerBlock("transformer_layers_per_block", 1, levels),
                config.integer("cross_attention_dim", 1280),
                groups,
                config.number("norm_eps", 1e-5),
                config.flag("flip_sin_to_cos", true),
                config.number("freq_shift", 0),
                !(json.get("mid_block_type") instanceof JsonNull),
                guidanceWidth(config, where),
                TextTime.read(config, where));
        for (int i = 0; i < levels; i++) {
            if (heads.get(i) < 1 || channels.get(i) % heads.get(i) != 0) {
                throw new IOException("attention heads must divide block_out_channels, got " + Texts.shown(heads)
                        + " heads for " + Texts.shown(channels) + " (" + where + "); fetch the file again");
            }
        }
        config.finish();
        return result;
    }

    private static int guidanceWidth(JsonConfig config, String where) throws IOException {
        int width = config.integer("time_cond_proj_dim", 0);
        if (width % 2 != 0 || width == 2) {
            throw new IOException("'time_cond_proj_dim' must be even and 4 or more, for sines and cosines, got " + width
                    + " (" + where + "); fetch the file again");
        }
        return width;
    }

    /**
     * The configuration as diffusers reads it.
     *
     * @return the content of {@code unet/config.json}
     */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("_class_name", "UNet2DConditionModel");
        json.addProperty("sample_size", sampleSize);
        json.addProperty("in_channels", inChannels);
        json.addProperty("out_channels", inChannels);
        json.add("block_out_channels", Json.array(blockOutChannels));
        json.add("down_block_types", types(attentionDown, "CrossAttnDownBlock2D", "DownBlock2D"));
        json.add("up_block_types", types(attentionUp, "CrossAttnUpBlock2D", "UpBlock2D"));
        json.addProperty("mid_block_type", midBlock ? MID_BLOCK : null);
        json.addProperty("layers_per_block", layersPerBlock);
        // diffusers' habit: this is the number of heads
        json.add("attention_head_dim", Json.array(heads));
        json.add("transformer_layers_per_block", Json.array(transformerLayers));
        json.addProperty("cross_attention_dim", crossAttentionDim);
        json.addProperty("norm_num_groups", normGroups);
        json.addProperty("norm_eps", normEps);
        json.addProperty("flip_sin_to_cos", flipSinToCos);
        json.addProperty("freq_shift", freqShift);
        json.addProperty("act_fn", "silu");
        // the projections' weights are declared as those of linear layers
        json.addProperty("use_linear_projection", true);
        if (guidanceWidth > 0) {
            json.addProperty("time_cond_proj_dim", guidanceWidth);
        }
        if (textTime != null) {
            textTime.addTo(json);
        }
        return json;
    }

    private static JsonArray types(List<Boolean> attention, String with, String without) {
        return Json.array(attention.stream().map(has -> has ? with : without).toList());
    }

    private static List<Boolean> kinds(List<String> types, String attention, String plain, String key, String where)
            throws IOException {
        for (String type : types) {
            if (!type.equals(attention) && !type.equals(plain)) {
                throw new IOException("'" + key + "' must be of " + attention + " and " + plain + ", got '"
                        + Texts.shown(type) + "' (" + where + ")" + SUPPORTED);
            }
        }
        return types.stream().map(attention::equals).toList();
    }

    /**
     * How many decoder layers can be tapped.
     *
     * @return L, 12 for SD
     */
    public int layers() {
        return blockOutChannels.size() * (layersPerBlock + 1);
    }

    /**
     * How many features can be tapped: the decoder's layers, then the outputs of its up blocks, then what each of its
     * blocks hands on.
     *
     * @return 28 for SD: layers 1..12, up blocks 13..16 and decoder blocks 17..28
     */
    public int features() {
        return layers() + levels() + layers();
    }

    /**
     * The width of a feature.
     *
     * @param layer 1..L for a decoder layer, L + 1 and on for the outputs of up blocks, after these for decoder blocks
     * @return channels
     */
    public int layerChannels(int layer) {
        int upBlocks = layers() + levels();
        int upBlock;
        if (layer <= layers()) {
            upBlock = (layer - 1) / (layersPerBlock + 1);
        } else if (layer <= upBlocks) {
            upBlock = layer - layers() - 1;
        } else {
            upBlock = (layer - upBlocks - 1) / (layersPerBlock + 1);
        }
        return blockOutChannels.get(levels() - 1 - upBlock);
    }

    int levels() {
        return blockOutChannels.size();
    }
}
