package io.github.dhf4j.diffusion.model;

import static io.github.dhf4j.diffusion.model.DiffusionOps.SCRIPT;
import static io.github.dhf4j.diffusion.model.DiffusionOps.replace;

import ai.djl.ndarray.NDArray;
import io.github.dhf4j.tensor.Weights;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A level of the decoder, deepest first, with or without cross-attention. Its residual blocks are what is tapped. */
final class UpBlock2D {
    final List<ResnetBlock2D> resnets = new ArrayList<>();
    final List<Transformer2DModel> attentions = new ArrayList<>();
    final @Nullable Resampling upsampler;
    private final int firstLayer;
    private final int firstBlock;
    private final int output;

    UpBlock2D(Weights weights, UNet2DConditionConfig config, int index, int time) {
        firstLayer = 1 + index * (config.layersPerBlock() + 1);
        output = config.layers() + 1 + index;
        firstBlock = config.layers() + config.levels() + firstLayer;
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

    /** Whether any of the level's features is wanted. */
    boolean isWanted(FeatureTaps taps) {
        return taps.wants(output) || lastWanted(taps, firstLayer) >= 0 || lastWanted(taps, firstBlock) >= 0;
    }

    /** The last of the level's residual blocks of which a feature is wanted, by numbers from one on; -1 for none. */
    private int lastWanted(FeatureTaps taps, int first) {
        for (int j = resnets.size() - 1; j >= 0; j--) {
            if (taps.wants(first + j)) {
                return j;
            }
        }
        return -1;
    }

    /**
     * Runs the level; its input and the skips that it takes are closed.
     *
     * @param transformer the number of the level's first transformer in the network
     * @param more whether anything that comes after the level is wanted; if not, it ends with its last wanted feature
     * @return the output, or null where nothing more is wanted
     */
    @Nullable
    NDArray forward(
            NDArray input,
            Deque<NDArray> skips,
            NDArray temb,
            TextConditioning text,
            int transformer,
            FeatureTaps taps,
            boolean more) {
        NDArray x = input;
        boolean whole = more || taps.wants(output);
        int endOfLayers = whole ? resnets.size() : lastWanted(taps, firstLayer);
        int endOfBlocks = whole ? resnets.size() : lastWanted(taps, firstBlock);
        for (int j = 0; j < resnets.size(); j++) {
            int layer = firstLayer + j;
            boolean tapped = taps.wants(layer);
            boolean last = j == endOfLayers && j > endOfBlocks;
            NDArray skip = skips.pop();
            NDArray[] outputs = resnets.get(j).forwardUp(x, skip, temb, tapped, last);
            skip.close();
            if (tapped) {
                taps.tap(layer, outputs[0]);
            }
            if (last) {
                return null;
            }
            if (tapped) {
                outputs[0].close();
            }
            x = replace(x, outputs[outputs.length - 1]);
            if (!attentions.isEmpty()) {
                x = replace(x, attentions.get(j).forward(x, text.of(transformer + j)));
            }
            tapOutput(firstBlock + j, x, taps);
            if (j == endOfBlocks && j >= endOfLayers) {
                return null;
            }
        }
        if (upsampler != null) {
            // the level above may be odd: take its size from the skip that comes next
            x = replace(
                    x,
                    upsampler.forward(
                            x,
                            skips.element().getShape().get(2),
                            skips.element().getShape().get(3)));
        }
        tapOutput(output, x, taps);
        return more ? x : null;
    }

    private static void tapOutput(int number, NDArray x, FeatureTaps taps) {
        if (taps.wants(number)) {
            try (NDArray wide = SCRIPT.run(x.getManager(), "wide", x)) {
                taps.tap(number, wide);
            }
        }
    }
}
