package io.github.dhf4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.diffusion.model.Conditions;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.feature.LayerTaps;
import io.github.dhf4j.feature.Noised;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.feature.UpBlockTaps;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole pipeline of Stable Diffusion XL's form, stage by stage against what diffusers computes on the same weights. */
class SdxlGoldenTest {
    private static final double EXACT = 5e-5;
    private static final double TRAJECTORY = 1e-4;
    private static final Size SIDE = Size.square(96);

    private static Golden golden;
    private static StableDiffusion checkpoint;

    @BeforeAll
    static void open() throws IOException {
        golden = new Golden("sdxl");
        checkpoint = StableDiffusion.open(golden.pipeline(), TorchRuntime.cpu());
    }

    @AfterAll
    static void close() {
        checkpoint.close();
        golden.close();
    }

    @Test
    void itsFormIsRead() {
        assertThat(checkpoint.defaultLoadSize()).isEqualTo(96);
        assertThat(checkpoint.denoiser().layers()).isEqualTo(9);
        assertThat(checkpoint.denoiser().taps()).isEqualTo(21);
        DiffusionFeatureExtractor extractor = new DiffusionFeatureExtractor(checkpoint, ExtractionSettings.inversion());
        assertThat(extractor.layout().channels().values()).containsExactly(32, 32, 32, 24, 24, 24, 16, 16, 16);
    }

    @Test
    void bothTokenizersAndEncodersAreTheirs() throws IOException {
        JsonArray prompts = golden.json().getAsJsonArray("prompts");
        for (int i = 0; i < prompts.size(); i++) {
            JsonObject prompt = prompts.get(i).getAsJsonObject();
            String text = prompt.get("prompt").getAsString();
            List<long[]> tokens = checkpoint.tokens(text);
            assertThat(tokens).hasSize(2);
            assertThat(tokens.get(0)).as("tokens of '%s'", text).isEqualTo(ids(prompt, "input_ids"));
            assertThat(tokens.get(1)).as("second tokens of '%s'", text).isEqualTo(ids(prompt, "input_ids_2"));
            compare("text." + i, conditions(text));
        }
    }

    @Test
    void onlyANegativePromptThatIsAbsentIsZeros() throws IOException {
        Conditions none = conditions(null);
        assertThat(none.text().toFloatArray())
                .isEqualTo(golden.tensor("negative.none").toFloatArray());
        assertThat(pooled(none).toFloatArray())
                .isEqualTo(golden.tensor("negative.none.pooled").toFloatArray());
        compare("negative.empty", conditions(""));
    }

    @Test
    void sizesAreThoseOfTheImages() throws IOException {
        assertThat(timeIds(conditions("")).toFloatArray())
                .isEqualTo(golden.tensor("time_ids").toFloatArray());
        NDArray other = timeIds(checkpoint.conditions(null, new Size(64, 32), golden.manager()));
        assertThat(other.toFloatArray()).containsExactly(32, 64, 0, 0, 32, 64);
    }

    @Test
    void pixelsAndAutoencoder() throws IOException {
        byte[] bytes = golden.bytes("pixels").toByteArray();
        int plane = 96 * 96;
        for (int b = 0; b < 2; b++) {
            byte[] samples = PillowResize.resize(images().get(b), SIDE).samples();
            for (int i = 0; i < samples.length; i++) {
                assertThat(samples[i]).isEqualTo(bytes[(b * 3 + i % 3) * plane + i / 3]);
            }
        }
        try (NDArray pixels = PixelTensors.of(images(), SIDE, golden.manager());
                NDArray moments = checkpoint.vae().encode(pixels)) {
            golden.assertClose("vae.mean", moments.get(":, :4"), EXACT);
            golden.assertClose("vae.logvar", moments.get(":, 4:"), EXACT);
            NDArray sample = checkpoint.vae().latentSample(moments, golden.tensor("vae.noise"));
            // the stored latents are divided by one unbiased deviation over both images
            long count = sample.size();
            double mean = sample.mean().getFloat();
            double variance = sample.sub((float) mean).square().sum().getFloat() / (count - 1);
            golden.assertClose("latents", sample.div((float) Math.sqrt(variance)), EXACT);
        }
        golden.assertClose("vae.decoded", checkpoint.vaeDecoder().decode(golden.tensor("latents")), EXACT);
    }

    @Test
    void inversion() throws IOException {
        ExtractionSettings settings = ExtractionSettings.of(new Inversion(10, List.of(9, 6, 3, 0), "", false, 0));
        try (FeatureStack stack = run(settings, "latents", "inversion.trajectory")) {
            assertThat(stack.keys()).hasSize(4 * 9);
            for (FeatureKey key : stack.keys()) {
                golden.assertClose(
                        "inversion." + key.tensorName(), stack.get(key.saveIndex(), key.layer()), TRAJECTORY);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            value = {"generation, none", "generation.empty_negative, ''"},
            nullValues = "none")
    void generation(String name, @org.jspecify.annotations.Nullable String negative) throws IOException {
        Generation process =
                Generation.of("a photo of a cat").withTimesteps(10, List.of(5)).withGuidance(negative, 7.5);
        ExtractionSettings settings = ExtractionSettings.of(process).withTaps(new LayerTaps(List.of(5)));
        try (FeatureStack stack = run(settings, "generation.noise", name + ".trajectory")) {
            golden.assertClose(name + ".s5.layer5", stack.get(5, 5), TRAJECTORY);
        }
    }

    @Test
    void oneStep() throws IOException {
        try (FeatureStack stack = run(ExtractionSettings.oneStep(), "latents", null)) {
            golden.assertClose("one_step.layer1", stack.get(0, 1), EXACT);
        }
        new DiffusionFeatureExtractor(checkpoint, ExtractionSettings.oneStep())
                .extract(golden.tensor("latents"), null, (key, map) -> {}, RunMonitor.NONE, (call, latents) -> {
                    try {
                        golden.assertClose("one_step.latent", latents, EXACT);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    /** Numbered as everywhere: the outputs of the up blocks come after the nine layers. */
    @Test
    void upBlocksAreTapped() throws IOException {
        ExtractionSettings settings = ExtractionSettings.of(Noised.at(501).withPrompt("a photo of a cat"))
                .withTaps(new UpBlockTaps(List.of(1, 2, 3)));
        DiffusionFeatureExtractor extractor = new DiffusionFeatureExtractor(checkpoint, settings);
        assertThat(extractor.layout().layers()).containsExactly(10, 11, 12);
        assertThat(extractor.layout().channels().values()).containsExactly(32, 24, 16);
        NDArray latents = golden.tensor("latents");
        double alpha = checkpoint.schedule().alphaCumprod(501);
        // noise that leaves the latents as the golden file has them
        NDArray noise = latents.mul((float) ((1 - Math.sqrt(alpha)) / Math.sqrt(1 - alpha)));
        extractor.extract(
                latents,
                noise,
                (key, map) -> {
                    try {
                        golden.assertClose("unet.t501.up" + (key.layer() - 9), map, EXACT);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                RunMonitor.NONE,
                null);
    }

    /** Prompts are encoded by two networks, read and freed each time: nothing of them is left in native memory. */
    @Test
    void aPromptLeavesNothingBehind() {
        try (NDManager manager = checkpoint.newManager()) {
            Conditions first = checkpoint.conditions("a dog", SIDE, manager);
            Conditions again = checkpoint.conditions("a dog", SIDE, manager);
            assertThat(again.text().toFloatArray()).isEqualTo(first.text().toFloatArray());
            assertThat(manager.getManagedArrays()).hasSize(6);
        }
    }

    private static FeatureStack run(
            ExtractionSettings settings, String start, @org.jspecify.annotations.Nullable String trajectory)
            throws IOException {
        FeatureStack stack = FeatureStack.create(golden.manager().newSubManager(), DataType.FLOAT32);
        new DiffusionFeatureExtractor(checkpoint, settings)
                .extract(
                        golden.tensor(start),
                        null,
                        stack,
                        RunMonitor.NONE,
                        trajectory == null
                                ? null
                                : (call, latents) -> {
                                    try (NDArray all = golden.tensor(trajectory)) {
                                        String name = trajectory + "[" + call.step() + "]";
                                        Golden.assertClose(name, latents, all.get(call.step()), TRAJECTORY);
                                    } catch (IOException e) {
                                        throw new UncheckedIOException(e);
                                    }
                                });
        return stack;
    }

    private static Conditions conditions(@org.jspecify.annotations.Nullable String prompt) {
        return checkpoint.conditions(prompt, SIDE, golden.manager());
    }

    private static void compare(String name, Conditions actual) throws IOException {
        golden.assertClose(name, actual.text(), EXACT);
        golden.assertClose(name + ".pooled", pooled(actual), EXACT);
    }

    private static NDArray pooled(Conditions conditions) {
        return Objects.requireNonNull(conditions.added()).pooled();
    }

    private static NDArray timeIds(Conditions conditions) {
        return Objects.requireNonNull(conditions.added()).timeIds();
    }

    private static long[] ids(JsonObject prompt, String key) {
        return prompt.getAsJsonArray(key).asList().stream()
                .mapToLong(id -> id.getAsLong())
                .toArray();
    }

    private static List<RgbImage> images() throws IOException {
        return List.of(
                RgbImage.read(Golden.fixtures().resolve("images/a.png")),
                RgbImage.read(Golden.fixtures().resolve("images/b.png")));
    }
}
