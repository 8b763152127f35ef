package io.github.dhf4j.diffusion.model;

import io.github.dhf4j.tensor.Weights;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A level of the encoder, with or without cross-attention. */
final class DownBlock2D {
    final List<ResnetBlock2D> resnets = new ArrayList<>();
    final List<Transformer2DModel> attentions = new ArrayList<>();
    final @Nullable Resampling downsampler;

    DownBlock2D(Weights weights, UNet2DConditionConfig config, int level, int time) {
        String prefix = "down_blocks." + level + ".";
        int out = config.blockOutChannels().get(level);
        int in = level == 0 ? out : config.blockOutChannels().get(level - 1);
        for (int j = 0; j < config.layersPerBlock(); j++) {
            resnets.add(new ResnetBlock2D(
                    weights,
                    prefix + "resnets." + j + ".",
                    j == 0 ? in : out,
                    out,
                    time,
                    config.normGroups(),
                    config.normEps()));
            if (config.attentionDown().get(level)) {
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
        boolean last = level == config.levels() - 1;
        downsampler = last ? null : Resampling.down(weights, prefix + "downsamplers.0.", out, 1);
    }
}
