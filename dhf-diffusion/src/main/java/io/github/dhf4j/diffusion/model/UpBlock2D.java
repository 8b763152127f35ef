package io.github.dhf4j.diffusion.model;

import io.github.dhf4j.tensor.Weights;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A level of the decoder, deepest first, with or without cross-attention. Its residual blocks are what is tapped. */
final class UpBlock2D {
    final List<ResnetBlock2D> resnets = new ArrayList<>();
    final List<Transformer2DModel> attentions = new ArrayList<>();
    final @Nullable Resampling upsampler;

    UpBlock2D(Weights weights, UNet2DConditionConfig config, int index, int time) {
        String prefix = "up_blocks." + index + ".";
        int levels = config.levels();
        int level = levels - 1 - index;
        int out = config.blockOutChannels().get(level);
        int before = index == 0 ? out : config.blockOutChannels().get(level + 1);
        int skipOfLast = config.blockOutChannels().get(Math.max(level - 1, 0));
        for (int j = 0; j <= config.layersPerBlock(); j++) {
            int in = j == 0 ? before : out;
            int skip = j == config.layersPerBlock() ? skipOfLast : out;
            resnets.add(new ResnetBlock2D(
                    weights,
                    prefix + "resnets." + j + ".",
                    in + skip,
                    out,
                    time,
                    config.normGroups(),
                    config.normEps()));
            if (config.attentionUp().get(index)) {
                attentions.add(new Transformer2DModel(
                        weights,
                        prefix + "attentions." + j + ".",
                        out,
                        config.heads().get(level),
                        config.transformerLayers().get(level),
                        config.crossAttentionDim(),
                        config.normGroups()));
            }
        }
        upsampler = index == levels - 1 ? null : Resampling.up(weights, prefix + "upsamplers.0.", out);
    }
}
