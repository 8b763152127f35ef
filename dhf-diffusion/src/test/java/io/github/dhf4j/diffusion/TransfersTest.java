package io.github.dhf4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.io.HostTensors.Transfers;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How often numbers go between Java and tensors in a process: on a GPU each time is a wait for the device. */
class TransfersTest {
    private static StableDiffusion checkpoint;
    private static RgbImage image;

    @BeforeAll
    static void openWithAllThatIsReadOnce() throws IOException {
        checkpoint = StableDiffusion.open(Golden.fixtures().resolve("sd15/pipeline"), TorchRuntime.cpu());
        image = RgbImage.read(Golden.fixtures().resolve("images/a.png"));
        of(inversion(3, 2));
        generated(2, 7.5);
    }

    @AfterAll
    static void close() {
        checkpoint.close();
    }

    private static ExtractionSettings inversion(int timesteps, int saved) {
        return ExtractionSettings.of(
                new Inversion(timesteps, IntStream.range(0, saved).boxed().toList(), "a photo", false, 0));
    }

    /** Of an image to maps that stay on the device. */
    private static Transfers of(ExtractionSettings settings) {
        Transfers before = HostTensors.transfers();
        try (FeatureStack stack =
                new DiffusionFeatureExtractor(checkpoint, settings).extract(List.of(image), DataType.FLOAT32)) {
            assertThat(stack.keys()).hasSize(settings.saveIndices().size() * 12);
            return HostTensors.transfers().since(before);
        }
    }

    private static Transfers generated(int timesteps, double guidance) {
        ExtractionSettings settings =
                ExtractionSettings.of(new Generation(timesteps, List.of(timesteps - 1), "a photo", "fog", guidance, 0));
        DiffusionFeatureExtractor extractor = new DiffusionFeatureExtractor(checkpoint, settings);
        Transfers before = HostTensors.transfers();
        try (NDManager manager = extractor.newManager()) {
            NDArray noise = extractor.noise(0, manager);
            extractor.extract(noise, null, (key, map) -> {}, RunMonitor.NONE, null);
        }
        return HostTensors.transfers().since(before);
    }

    @Test
    void anInversionTakesThePictureAndThePromptInAndGivesNothingBackHoweverLongItIs() {
        assertThat(of(inversion(3, 2))).isEqualTo(new Transfers(2, 0));
        assertThat(of(inversion(12, 2))).isEqualTo(new Transfers(2, 0));
        assertThat(of(inversion(12, 9))).isEqualTo(new Transfers(2, 0));
    }

    @Test
    void generationTakesNoiseAndPromptsInHoweverLongItIs() {
        assertThat(generated(2, 1)).isEqualTo(new Transfers(2, 0));
        assertThat(generated(12, 1)).isEqualTo(new Transfers(2, 0));
        assertThat(generated(12, 7.5)).isEqualTo(new Transfers(3, 0));
    }

    @Test
    void mapsThatAreReadGoOutOnceEach() {
        try (FeatureStack stack =
                new DiffusionFeatureExtractor(checkpoint, inversion(4, 2)).extract(List.of(image), DataType.FLOAT32)) {
            Transfers before = HostTensors.transfers();
            stack.forEach((key, map) -> assertThat(HostTensors.floats(map)).isNotEmpty());
            assertThat(HostTensors.transfers().since(before)).isEqualTo(new Transfers(0, 2 * 12));
        }
    }
}
