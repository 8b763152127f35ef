package io.github.dhf4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.diffusion.model.Conditions;
import io.github.dhf4j.diffusion.process.Denoiser;
import io.github.dhf4j.diffusion.process.DiffusionProcess;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guided generation as a GPU does it, both halves in one call, against two calls. */
class GuidanceTest {
    /** Guidance enlarges what rounding does some fifteen times a call: over five noises 1.6e-5 to 2.1e-5. */
    private static final double TOLERANCE = 5e-5;

    /** The checkpoint's prompts, for a denoiser beside its own. */
    private record Prompts(StableDiffusion checkpoint) implements PromptEncoder {
        @Override
        public List<long[]> tokens(String prompt) {
            return checkpoint.tokens(prompt);
        }

        @Override
        public Conditions encode(@Nullable String prompt, Size size, NDManager owner) {
            return checkpoint.conditions(prompt, size, owner);
        }

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @CsvSource({"sd15/pipeline, 1", "sd15/pipeline, 2", "sdxl/pipeline, 1", "sdxl/pipeline, 2"})
    void oneCallOfBothHalvesGivesTheFeaturesAndLatentsOfTwoCalls(String pipeline, int batch) throws IOException {
        try (StableDiffusion checkpoint =
                        StableDiffusion.open(Golden.fixtures().resolve(pipeline), TorchRuntime.cpu());
                NDManager manager = checkpoint.newManager()) {
            Shape one = new Shape(
                    batch,
                    checkpoint.denoiser().inChannels(),
                    checkpoint.unet().config().sampleSize(),
                    checkpoint.unet().config().sampleSize());
            NDArray noise = noise(manager, one);
            NDArray[] ends = new NDArray[2];
            try (FeatureStack two = generated(checkpoint, noise, false, ends);
                    FeatureStack joined = generated(checkpoint, noise, true, ends)) {
                assertThat(joined.keys())
                        .isEqualTo(two.keys())
                        .hasSize(2 * checkpoint.denoiser().taps());
                for (FeatureKey key : two.keys()) {
                    NDArray map = joined.get(key.saveIndex(), key.layer());
                    assertThat(map.getShape().get(0)).isEqualTo(batch);
                    Golden.assertClose(key.tensorName(), map, two.get(key.saveIndex(), key.layer()), TOLERANCE);
                }
                Golden.assertClose("latents", ends[1], ends[0], TOLERANCE);
            }
        }
    }

    /** The same at every run. */
    private static NDArray noise(NDManager manager, Shape shape) {
        Random random = new Random(1);
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, shape);
    }

    private static FeatureStack generated(
            StableDiffusion checkpoint, NDArray noise, boolean inOneCall, NDArray[] ends) {
        Generation process = new Generation(3, List.of(0, 2), "a red cube", "fog", 7.5, 0);
        ExtractionSettings settings = ExtractionSettings.of(process)
                .withLayers(IntStream.rangeClosed(1, checkpoint.denoiser().taps())
                        .boxed()
                        .toList());
        Denoiser denoiser = new UNetDenoiser(checkpoint.unet(), new Prompts(checkpoint), noise.getManager(), inOneCall);
        FeatureStack stack = FeatureStack.create(checkpoint.newManager(), DataType.FLOAT32);
        try (Denoiser.Conditioned told =
                denoiser.condition(process, noise, Size.square(checkpoint.defaultLoadSize()))) {
            new DiffusionProcess(told, checkpoint.sampler(), settings)
                    .run(noise, null, stack, RunMonitor.NONE, (call, latents) -> {
                        NDArray end = latents.duplicate();
                        end.attach(noise.getManager());
                        ends[inOneCall ? 1 : 0] = end;
                    });
        }
        return stack;
    }
}
