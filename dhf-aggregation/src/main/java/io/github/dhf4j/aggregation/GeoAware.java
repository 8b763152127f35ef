package io.github.dhf4j.aggregation;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Facet;
import io.github.dhf4j.feature.Forward;
import io.github.dhf4j.feature.LayerTaps;
import io.github.dhf4j.feature.Noised;
import io.github.dhf4j.feature.SettingsCodec;
import io.github.dhf4j.feature.TokenTaps;
import java.util.List;
import java.util.Set;

/**
 * The weights that GeoAware-SC publishes ({@code best_856.PTH} and its kin): this paper's aggregation network over three blocks
 * of Stable Diffusion 1.5's decoder and DINOv2's last tokens, one timestep, 768 wide, 60 x 60 cells. The file is a bare state
 * dict that names neither networks nor settings: these are its code's.
 *
 * <p>Differs in what the network is told and shown. Theirs is told what ODISE's captioner makes of the image, an embedding for
 * which there is no prompt, where this is told ""; and theirs keeps an image's shape, centred in a black square, where this
 * squashes it, unless the image is made such a square before. The bottlenecks were trained on maps of the first kind: maps of
 * the second are of the same meaning but not the same numbers, and what that costs has not been measured.
 *
 * <p>Source: Zhang et al., Telling Left from Right, arXiv 2311.17034, section 4; layers, timestep, sizes and names of the
 * tensors from the authors' code.
 */
public final class GeoAware {
    /** What the file has beside the network: temperatures of its training. */
    static final Set<String> TEMPERATURES = Set.of("logit_scale", "self_logit_scale");

    private static final int MAP_SIZE = 60;
    private static final int TIMESTEP = 50;
    private static final int DIFFUSION_SIDE = 960;
    private static final int DINO_SIDE = 840;

    private GeoAware() {}

    /**
     * Settings of Stable Diffusion 1.5: decoder blocks 8, 5 and 2, in this order, which it numbers 24, 21 and 18.
     *
     * @return as the weights' first three bottlenecks want it
     */
    public static ExtractionSettings diffusion() {
        return new ExtractionSettings(Noised.at(TIMESTEP), new LayerTaps(List.of(24, 21, 18)), DIFFUSION_SIDE);
    }

    /**
     * Settings of DINOv2's ViT-B: tokens of its last block, before the final norm.
     *
     * @return as the weights' fourth bottleneck wants it
     */
    public static ExtractionSettings dino() {
        return new ExtractionSettings(
                new Forward(), new TokenTaps(List.of(12), Facet.TOKEN, 0, false, false), DINO_SIDE);
    }

    /** Whether a state dict of these names is such weights. */
    static boolean isOf(Set<String> names) {
        return names.contains(AggregatorKeys.MIXING) && names.containsAll(TEMPERATURES);
    }

    /** The configuration that the file lacks; widths are read off its tensors. */
    static JsonObject config(long projection) {
        JsonArray networks = new JsonArray();
        networks.add(network("stable-diffusion-v1-5", diffusion()));
        networks.add(network("dinov2-base", dino()));
        JsonObject json = new JsonObject();
        json.addProperty("projection_dim", projection);
        json.addProperty("output_resolution", MAP_SIZE);
        json.add("networks", networks);
        return json;
    }

    private static JsonObject network(String modelId, ExtractionSettings settings) {
        JsonObject json = SettingsCodec.toJson(settings);
        json.addProperty("model_id", modelId);
        return json;
    }
}
