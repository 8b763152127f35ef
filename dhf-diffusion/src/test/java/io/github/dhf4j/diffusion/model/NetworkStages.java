package io.github.dhf4j.diffusion.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensors;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Single calls of a denoising network against golden tensors. */
final class NetworkStages {
    static final double EXACT = 5e-5;

    private NetworkStages() {}

    static UNet2DConditionModel open(Path folder, Golden golden) throws IOException {
        Path config = folder.resolve("config.json");
        try (SafeTensors file = SafeTensors.open(folder.resolve("diffusion_pytorch_model.safetensors"))) {
            UNet2DConditionModel unet = new UNet2DConditionModel(
                    UNet2DConditionConfig.read(Json.readObject(config), config.toString()), file);
            unet.load(golden.manager(), DataType.FLOAT32);
            return unet;
        }
    }

    /** One call: the raw output as {@code prefix}, all layers and up blocks as {@code prefix.layerK}, {@code prefix.upJ}. */
    static void compare(UNet2DConditionModel unet, Golden golden, String prefix, int timestep, TextConditioning told)
            throws IOException {
        int layers = unet.config().layers();
        List<Integer> seen = new ArrayList<>();
        FeatureTaps taps = new FeatureTaps() {
            @Override
            public boolean wants(int layer) {
                return layer <= unet.config().layers() + unet.config().levels();
            }

            @Override
            public void tap(int layer, NDArray feature) {
                seen.add(layer);
                assertThat(feature.getShape().get(1)).isEqualTo(unet.config().layerChannels(layer));
                try {
                    String name = layer > layers ? ".up" + (layer - layers) : ".layer" + layer;
                    golden.assertClose(prefix + name, feature, EXACT);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        golden.assertClose(prefix, unet.forward(golden.tensor("latents"), timestep, told, taps, true), EXACT);
        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(
                                1, unet.config().layers() + unet.config().levels())
                        .boxed()
                        .toList());
    }
}
