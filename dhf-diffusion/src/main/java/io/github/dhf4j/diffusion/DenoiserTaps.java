package io.github.dhf4j.diffusion;

import io.github.dhf4j.diffusion.process.Denoiser;
import io.github.dhf4j.feature.BlockTaps;
import io.github.dhf4j.feature.FeatureLayout;
import io.github.dhf4j.feature.Taps;
import io.github.dhf4j.feature.UpBlockTaps;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Taps as the numbers that a network knows: layers from 1 on, up blocks after them, then decoder blocks. */
final class DenoiserTaps {
    private DenoiserTaps() {}

    /** The numbers; {@code where} is the checkpoint's path, for messages. */
    static List<Integer> layers(Taps taps, Denoiser denoiser, Path where) {
        int up = denoiser.taps() - denoiser.layers();
        List<Integer> layers = taps.layers();
        if (taps instanceof BlockTaps of) {
            int before = of instanceof UpBlockTaps ? denoiser.layers() : up;
            layers = of.blocks().stream().map(block -> before + block).toList();
        } else if (layers.isEmpty()) {
            layers = IntStream.rangeClosed(1, denoiser.layers()).boxed().toList();
        }
        for (int layer : layers) {
            if (layer > denoiser.taps()) {
                throw new IllegalArgumentException("layers must be 1 to " + denoiser.layers() + ", up to " + up
                        + " for the outputs of up blocks or " + denoiser.taps() + " for those of decoder blocks, got "
                        + layers + " (" + where + ")");
            }
        }
        return layers;
    }

    static FeatureLayout layout(List<Integer> layers, List<Integer> saveIndices, Denoiser denoiser) {
        Map<Integer, Integer> channels = new LinkedHashMap<>();
        layers.forEach(layer -> channels.put(layer, denoiser.tapChannels(layer)));
        return new FeatureLayout(channels, saveIndices);
    }
}
