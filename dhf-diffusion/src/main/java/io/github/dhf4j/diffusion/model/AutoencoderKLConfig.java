package io.github.dhf4j.diffusion.model;

import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.JsonConfig;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.util.Collections;
import java.util.List;

/**
 * What {@code vae/config.json} says, for the form that SD 1.x, 2.x and XL have. {@code force_upcast} says that a half precision network
 * overflows and asks for float32, which this library computes in anyway.
 *
 * @param latentChannels channels of the latent
 * @param blockOutChannels width of each level
 * @param layersPerBlock residual blocks of an encoder level; the decoder has one more
 * @param normGroups groups of the group norms
 * @param scalingFactor what a latent is multiplied by for the UNet
 * @param quantConv whether there is a 1x1 convolution after the encoder
 * @param postQuantConv whether there is a 1x1 convolution before the decoder
 * @param midAttention whether the middle block has attention
 */
public record AutoencoderKLConfig(
        int latentChannels,
        List<Integer> blockOutChannels,
        int layersPerBlock,
        int normGroups,
        double scalingFactor,
        boolean quantConv,
        boolean postQuantConv,
        boolean midAttention) {

    /**
     * Reads the configuration.
     *
     * @param json the file's content
     * @param where the file's path, for messages
     * @return the configuration
     * @throws IOException naming the first setting that is not supported
     */
    public static AutoencoderKLConfig read(JsonObject json, String where) throws IOException {
        JsonConfig config = new JsonConfig(json, where);
        config.expect("_class_name", "AutoencoderKL")
                .expect("act_fn", "silu")
                .expect("in_channels", 3)
                .expect("out_channels", 3);
        config.ignore("sample_size", "force_upcast");
        List<Integer> channels = config.integers("block_out_channels");
        for (String[] kind :
                new String[][] {{"down_block_types", "DownEncoderBlock2D"}, {"up_block_types", "UpDecoderBlock2D"}}) {
            List<String> types = config.texts(kind[0]);
            if (types.size() != channels.size() || !types.stream().allMatch(kind[1]::equals)) {
                throw new IOException("'" + kind[0] + "' must be " + channels.size() + " times " + kind[1] + ", got "
                        + Texts.shown(types) + " (" + where + "); this library supports nothing else here");
            }
        }
        int groups = config.integer("norm_num_groups", 32);
        for (int width : channels) {
            if (width < 1 || groups < 1 || width % groups != 0) {
                throw new IOException("block_out_channels must be divisible by norm_num_groups " + groups + ", got "
                        + Texts.shown(channels) + " (" + where + "); fetch the file again");
            }
        }
        AutoencoderKLConfig result = new AutoencoderKLConfig(
                config.integer("latent_channels", 4),
                channels,
                config.count("layers_per_block", 1),
                groups,
                config.number("scaling_factor", 0.18215),
                config.flag("use_quant_conv", true),
                config.flag("use_post_quant_conv", true),
                config.flag("mid_block_add_attention", true));
        config.finish();
        return result;
    }

    /**
     * Another scaling factor, such as after training.
     *
     * @param factor what a latent is multiplied by for the UNet
     * @return a changed copy
     */
    public AutoencoderKLConfig withScalingFactor(double factor) {
        return new AutoencoderKLConfig(
                latentChannels,
                blockOutChannels,
                layersPerBlock,
                normGroups,
                factor,
                quantConv,
                postQuantConv,
                midAttention);
    }

    /**
     * The configuration as diffusers reads it.
     *
     * @return the content of {@code vae/config.json}
     */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("_class_name", "AutoencoderKL");
        json.addProperty("in_channels", 3);
        json.addProperty("out_channels", 3);
        json.addProperty("latent_channels", latentChannels);
        json.add("block_out_channels", Json.array(blockOutChannels));
        json.add("down_block_types", Json.array(Collections.nCopies(blockOutChannels.size(), "DownEncoderBlock2D")));
        json.add("up_block_types", Json.array(Collections.nCopies(blockOutChannels.size(), "UpDecoderBlock2D")));
        json.addProperty("layers_per_block", layersPerBlock);
        json.addProperty("norm_num_groups", normGroups);
        json.addProperty("scaling_factor", scalingFactor);
        json.addProperty("use_quant_conv", quantConv);
        json.addProperty("use_post_quant_conv", postQuantConv);
        json.addProperty("mid_block_add_attention", midAttention);
        json.addProperty("act_fn", "silu");
        return json;
    }

    /**
     * How many pixels a latent cell spans.
     *
     * @return 8 for SD
     */
    public int factor() {
        return 1 << (blockOutChannels.size() - 1);
    }
}
