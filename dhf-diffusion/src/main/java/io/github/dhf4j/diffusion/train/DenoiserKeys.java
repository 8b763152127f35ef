package io.github.dhf4j.diffusion.train;

import ai.djl.ndarray.NDArray;
import io.github.dhf4j.diffusion.model.CLIPTextConfig;
import io.github.dhf4j.diffusion.model.CLIPTextModel;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import java.util.LinkedHashMap;
import java.util.Map;

/** The denoising network and the text encoder are trained as one: what their weights are called in one map. */
final class DenoiserKeys {
    private static final String UNET = "unet.";
    private static final String TEXT = "text_encoder.";

    private DenoiserKeys() {}

    static Map<String, long[]> shapes(UNet2DConditionConfig unet, CLIPTextConfig text) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        UNet2DConditionModel.parameterShapes(unet).forEach((name, shape) -> shapes.put(UNET + name, shape));
        CLIPTextModel.parameterShapes(text).forEach((name, shape) -> shapes.put(TEXT + name, shape));
        return shapes;
    }

    /** The denoising network's part, by its own names. */
    static Map<String, NDArray> unet(Map<String, NDArray> both) {
        return under(UNET, both);
    }

    /** The text encoder's part, by its own names. */
    static Map<String, NDArray> text(Map<String, NDArray> both) {
        return under(TEXT, both);
    }

    private static Map<String, NDArray> under(String prefix, Map<String, NDArray> both) {
        Map<String, NDArray> part = new LinkedHashMap<>();
        both.forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), array);
            }
        });
        return part;
    }
}
