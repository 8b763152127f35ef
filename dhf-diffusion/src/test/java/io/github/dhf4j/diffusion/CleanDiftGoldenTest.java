package io.github.dhf4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.feature.Clean;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.SafeTensors;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another UNet in a checkpoint's folder, and one call on the clean latent, against diffusers. */
class CleanDiftGoldenTest {
    private static final Path FOLDER = Golden.fixtures().resolve("sd21/pipeline");
    private static final String PROMPT = "a photo of a cat";

    @TempDir
    private static Path temporary;

    private static Path unet;

    /** The state dict that the generator used: each tensor turned over along its first axis. */
    @BeforeAll
    static void write() throws IOException {
        unet = temporary.resolve("other.safetensors");
        try (NDManager manager = TorchRuntime.cpu().newManager();
                SafeTensors own = SafeTensors.open(FOLDER.resolve("unet/diffusion_pytorch_model.safetensors"))) {
            SafeTensorsWriter writer = new SafeTensorsWriter();
            for (String name : own.tensors().keySet()) {
                writer.tensor(name, own.read(name, manager, DataType.FLOAT32).flip(0));
            }
            writer.write(unet);
        }
    }

    @Test
    void tapsOfOneCleanCallAreDiffusers() throws IOException {
        ExtractionSettings settings = new ExtractionSettings(
                Clean.at(261).withPrompt(PROMPT), CleanDift.of("").taps(), 128);
        try (Golden golden = new Golden("cleandift");
                Golden sd21 = new Golden("sd21");
                DiffusionFeatureExtractor up =
                        DiffusionFeatureExtractor.open(FOLDER, unet, settings, TorchRuntime.cpu());
                DiffusionFeatureExtractor layers = up.withSettings(settings.withLayers(List.of(1, 6, 12)));
                FeatureStack all = FeatureStack.create(golden.manager().newSubManager(), DataType.FLOAT32)) {
            NDArray latents = sd21.tensor("latents");
            up.extract(latents, null, all, RunMonitor.NONE, null);
            layers.extract(latents, null, all, RunMonitor.NONE, null);
            Golden.assertClose("up2", all.get(738, 14), golden.tensor("up2"), 2e-5);
            for (int layer : List.of(1, 6, 12)) {
                Golden.assertClose("layer" + layer, all.get(738, layer), golden.tensor("layer" + layer), 2e-5);
            }
        }
    }

    @Test
    void aCheckpointWithAnotherUNetIsAnotherCheckpoint() throws IOException {
        try (StableDiffusion own = StableDiffusion.open(FOLDER, TorchRuntime.cpu());
                StableDiffusion other = StableDiffusion.open(FOLDER, unet, TorchRuntime.cpu())) {
            assertThat(other.fingerprint()).isNotEqualTo(own.fingerprint());
            assertThat(other.origin().name()).isEqualTo("checkpoint pipeline with other.safetensors");
            assertThat(other.path()).isEqualTo(FOLDER);
        }
    }

    /** Nothing is added: the latent's mean is what the network sees, whatever the seed. */
    @Test
    void theCleanProcessAddsNothingAndMakesOneCall() throws IOException {
        ExtractionSettings settings = CleanDift.of(PROMPT);
        assertThat(settings.saveIndices()).containsExactly(738);
        RgbImage image = RgbImage.read(Golden.fixtures().resolve("images/a.png"));
        try (StableDiffusion checkpoint = StableDiffusion.open(FOLDER, unet, TorchRuntime.cpu())) {
            assertThat(new DiffusionFeatureExtractor(checkpoint, settings).loadSize())
                    .isEqualTo(Size.square(768));
            Clean clean = Clean.at(261).withPrompt(PROMPT);
            ExtractionSettings small = settings.withLoadSize(128);
            try (FeatureStack mean = run(checkpoint, small.withProcess(clean), image);
                    FeatureStack otherSeed = run(
                            checkpoint,
                            small.withProcess(new Clean(1000, clean.saveIndices(), PROMPT, false, 5)),
                            image);
                    FeatureStack sampled = run(
                            checkpoint,
                            small.withProcess(new Clean(1000, clean.saveIndices(), PROMPT, true, 5)),
                            image)) {
                assertThat(mean.keys()).hasSize(1);
                NDArray map = mean.get(738, 14);
                assertThat(map.contentEquals(otherSeed.get(738, 14))).isTrue();
                assertThat(map.contentEquals(sampled.get(738, 14))).isFalse();
            }
        }
    }

    private static FeatureStack run(StableDiffusion checkpoint, ExtractionSettings settings, RgbImage image) {
        return new DiffusionFeatureExtractor(checkpoint, settings).extract(List.of(image), DataType.FLOAT32);
    }

    @Test
    void theFoldersOwnWeightsNeedNotBeThereAndOtherFamiliesAreRefused() throws IOException {
        Path bare = temporary.resolve("bare");
        try (var files = Files.walk(FOLDER)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = bare.resolve(FOLDER.relativize(file).toString());
                if (!file.endsWith("unet/diffusion_pytorch_model.safetensors")) {
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        assertThatThrownBy(() -> StableDiffusion.open(bare, TorchRuntime.cpu()).close())
                .hasMessageContaining("weights of 'unet' must be in diffusion_pytorch_model.safetensors");
        StableDiffusion.open(bare, unet, TorchRuntime.cpu()).close();
        Path foreign = Golden.fixtures().resolve("sd15/pipeline/unet/diffusion_pytorch_model.safetensors");
        assertThatThrownBy(() ->
                        StableDiffusion.open(bare, foreign, TorchRuntime.cpu()).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(foreign.toString());
        assertThatThrownBy(() -> StableDiffusion.open(bare, temporary.resolve("none.safetensors"), TorchRuntime.cpu())
                        .close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("UNet must be a file of weights in diffusers' keys, got")
                .hasMessageContaining("none.safetensors");
    }
}
