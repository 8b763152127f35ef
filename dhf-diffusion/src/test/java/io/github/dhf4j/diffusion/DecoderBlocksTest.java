package io.github.dhf4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.diffusion.model.TextConditioning;
import io.github.dhf4j.feature.DecoderBlockTaps;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.Noised;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the decoder's blocks hand on, against diffusers' modules. */
class DecoderBlocksTest {
    /** Of the first block after 12 layers and 4 up blocks. */
    private static final int FIRST = 17;

    private static Golden sd15;
    private static Golden golden;
    private static StableDiffusion checkpoint;

    @BeforeAll
    static void open() throws IOException {
        sd15 = new Golden("sd15");
        golden = new Golden("sd-dino");
        checkpoint = StableDiffusion.open(sd15.pipeline(), TorchRuntime.cpu());
    }

    @AfterAll
    static void close() {
        checkpoint.close();
        golden.close();
        sd15.close();
    }

    @Test
    void everyBlockHandsOnWhatDiffusersDoes() throws IOException {
        try (FeatureStack stack = run(IntStream.range(FIRST, FIRST + 12).boxed().toList())) {
            for (int block = 1; block <= 12; block++) {
                golden.assertClose("block" + block, stack.get(0, FIRST - 1 + block), 2e-5);
            }
        }
    }

    /** A call ends with the last wanted feature, whichever kind it is of. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 8, 12})
    void aBlockIsTheSameWhereTheCallEndsWithIt(int block) throws IOException {
        int number = FIRST - 1 + block;
        try (FeatureStack alone = run(List.of(number));
                FeatureStack before = run(List.of(number, Math.max(1, block - 1)));
                FeatureStack beside = run(List.of(number, block));
                FeatureStack after = run(List.of(number, Math.min(12, block + 1)))) {
            for (FeatureStack stack : List.of(alone, before, beside, after)) {
                golden.assertClose("block" + block, stack.get(0, number), 2e-5);
            }
            assertThat(after.keys()).hasSize(2);
            try (FeatureStack layers = run(IntStream.rangeClosed(1, 12).boxed().toList())) {
                Golden.assertClose("layer", beside.get(0, block), layers.get(0, block), 2e-5);
                int next = Math.min(12, block + 1);
                Golden.assertClose("layer after", after.get(0, next), layers.get(0, next), 2e-5);
            }
        }
    }

    @Test
    void anExtractorNumbersThemAfterTheUpBlocks() {
        ExtractionSettings settings =
                ExtractionSettings.of(Noised.at(100)).withTaps(new DecoderBlockTaps(List.of(2, 5, 8)));
        DiffusionFeatureExtractor extractor = new DiffusionFeatureExtractor(checkpoint, settings);
        assertThat(extractor.layout().channels())
                .containsOnlyKeys(18, 21, 24)
                .containsEntry(18, 64)
                .containsEntry(24, 32);
    }

    @Test
    void sdDinoTakesItsThreeBlocksAtTimestep100() {
        DiffusionFeatureExtractor extractor = new DiffusionFeatureExtractor(checkpoint, SdDino.of("a photo of a cat"));
        assertThat(extractor.settings().layers()).containsExactly(18, 21, 24);
        assertThat(extractor.loadSize().width()).isEqualTo(960);
    }

    private FeatureStack run(List<Integer> numbers) throws IOException {
        Set<Integer> wanted = Set.copyOf(numbers);
        FeatureStack stack = FeatureStack.create(golden.manager().newSubManager(), DataType.FLOAT32);
        FeatureTaps taps = new FeatureTaps() {
            @Override
            public boolean wants(int layer) {
                return wanted.contains(layer);
            }

            @Override
            public void tap(int layer, NDArray feature) {
                stack.accept(new FeatureKey(0, layer), feature);
            }
        };
        try (TextConditioning prompt = checkpoint.condition("a photo of a cat")) {
            assertThat(checkpoint.unet().forward(sd15.tensor("latents"), 100, prompt, taps, false))
                    .isNull();
        }
        return stack;
    }
}
