package io.github.dhf4j.diffusion.model;

import static io.github.dhf4j.diffusion.model.DiffusionOps.SCRIPT;
import static io.github.dhf4j.diffusion.model.DiffusionOps.replace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.Weights;
import java.util.ArrayList;
import java.util.List;

/** (B, Z, h, w) to pixels (B, 3, f h, f w). */
final class VaeDecoder {
    private record Level(List<ResnetBlock2D> resnets, List<Resampling> upsampler) {}

    private final Parameters convIn;
    private final VaeMidBlock mid;
    private final List<Level> levels = new ArrayList<>();
    private final Parameters convOut;
    private final List<Integer> channels;
    private final int groups;

    VaeDecoder(Weights weights, AutoencoderKLConfig config) {
        channels = config.blockOutChannels();
        groups = config.normGroups();
        int deepest = channels.get(channels.size() - 1);
        convIn = weights.under("decoder.").conv("conv_in", deepest, config.latentChannels(), 3);
        mid = new VaeMidBlock(weights, "decoder.mid_block.", deepest, config);
        int before = deepest;
        for (int i = 0; i < channels.size(); i++) {
            String prefix = "decoder.up_blocks." + i + ".";
            int out = channels.get(channels.size() - 1 - i);
            Level level = new Level(new ArrayList<>(), new ArrayList<>());
            for (int j = 0; j <= config.layersPerBlock(); j++) {
                level.resnets.add(new ResnetBlock2D(
                        weights,
                        prefix + "resnets." + j + ".",
                        j == 0 ? before : out,
                        out,
                        0,
                        groups,
                        VaeMidBlock.EPS));
            }
            if (i < channels.size() - 1) {
                level.upsampler.add(Resampling.up(weights, prefix + "upsamplers.0.", out));
            }
            levels.add(level);
            before = out;
        }
        convOut = weights.under("decoder.").norm("conv_norm_out", before).conv("conv_out", 3, before, 3);
    }

    NDArray forward(NDArray latents) {
        NDArray x = SCRIPT.run(latents.getManager(), "conv_in", latents, convIn.tensors());
        long scale = 1L << (channels.size() - 1);
        Shape small = x.getShape();
        Shape whole = new Shape(small.get(0), small.get(1), scale * small.get(2), scale * small.get(3));
        try (NDArray scratch = VaeEncoder.scratch(x, convIn, channels, whole)) {
            x = replace(x, mid.forward(x, scratch));
            for (Level level : levels) {
                for (ResnetBlock2D resnet : level.resnets) {
                    x = replace(x, resnet.forwardVae(x, scratch));
                }
                for (Resampling upsampler : level.upsampler) {
                    long height = 2 * x.getShape().get(2);
                    x = replace(x, upsampler.forward(x, height, 2 * x.getShape().get(3)));
                }
            }
        }
        return replace(x, SCRIPT.run(x.getManager(), "norm_conv_out", x, convOut.tensors(), groups, VaeMidBlock.EPS));
    }
}
