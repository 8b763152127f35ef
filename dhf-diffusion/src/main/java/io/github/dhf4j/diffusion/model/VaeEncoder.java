package io.github.dhf4j.diffusion.model;

import static io.github.dhf4j.diffusion.model.DiffusionOps.SCRIPT;
import static io.github.dhf4j.diffusion.model.DiffusionOps.replace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.tensor.Parameters;
import io.github.dhf4j.tensor.Weights;
import java.util.ArrayList;
import java.util.List;

/** Pixels (B, 3, f h, f w) to (B, 2 Z, h, w). */
final class VaeEncoder {
    private record Level(List<ResnetBlock2D> resnets, List<Resampling> downsampler) {}

    private final Parameters convIn;
    private final List<Level> levels = new ArrayList<>();
    private final VaeMidBlock mid;
    private final Parameters convOut;
    private final List<Integer> channels;
    private final int groups;

    VaeEncoder(Weights weights, AutoencoderKLConfig config) {
        channels = config.blockOutChannels();
        groups = config.normGroups();
        convIn = weights.under("encoder.").conv("conv_in", channels.get(0), 3, 3);
        for (int i = 0; i < channels.size(); i++) {
            String prefix = "encoder.down_blocks." + i + ".";
            int out = channels.get(i);
            Level level = new Level(new ArrayList<>(), new ArrayList<>());
            for (int j = 0; j < config.layersPerBlock(); j++) {
                int in = j > 0 || i == 0 ? out : channels.get(i - 1);
                level.resnets.add(
                        new ResnetBlock2D(weights, prefix + "resnets." + j + ".", in, out, 0, groups, VaeMidBlock.EPS));
            }
            if (i < channels.size() - 1) {
                level.downsampler.add(Resampling.down(weights, prefix + "downsamplers.0.", out, 0));
            }
            levels.add(level);
        }
        int last = channels.get(channels.size() - 1);
        mid = new VaeMidBlock(weights, "encoder.mid_block.", last, config);
        convOut = weights.under("encoder.")
                .norm("conv_norm_out", last)
                .conv("conv_out", 2L * config.latentChannels(), last, 3);
    }

    NDArray forward(NDArray pixels) {
        NDArray x = SCRIPT.run(pixels.getManager(), "conv_in", pixels, convIn.tensors());
        try (NDArray scratch = scratch(x, convIn, channels, x.getShape())) {
            for (Level level : levels) {
                for (ResnetBlock2D resnet : level.resnets) {
                    x = replace(x, resnet.forwardVae(x, scratch));
                }
                for (Resampling downsampler : level.downsampler) {
                    x = replace(x, downsampler.forward(x));
                }
            }
            x = replace(x, mid.forward(x, scratch));
        }
        return replace(x, SCRIPT.run(x.getManager(), "norm_conv_out", x, convOut.tensors(), groups, VaeMidBlock.EPS));
    }

    /** Memory for what any residual block has between its convolutions; {@code whole} gives the batch and the picture's size. */
    static NDArray scratch(NDArray like, Parameters first, List<Integer> channels, Shape whole) {
        long size = 0;
        for (int i = 0; i < channels.size(); i++) {
            size = Math.max(size, channels.get(i) * (whole.get(2) >> i) * (whole.get(3) >> i));
        }
        return SCRIPT.run(like.getManager(), "scratch", like, first.tensors(), new long[] {whole.get(0) * size});
    }
}
