package io.github.dhf4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.diffusion.model.TextConditioning;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureConsumer;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Stage by stage against what diffusers computes on the same weights; the order is the way of the data. */
class DiffusionGoldenTest {
    private static final double EXACT = 1e-4;
    private static final double FP16 = 5e-3;

    @Nested
    class StableDiffusion1 extends Stages {
        StableDiffusion1() {
            super("sd15");
        }
    }

    @Nested
    class StableDiffusion2 extends Stages {
        StableDiffusion2() {
            super("sd21");
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    abstract static class Stages {
        private final Golden golden;
        private StableDiffusion checkpoint;

        Stages(String name) {
            golden = new Golden(name);
        }

        @BeforeAll
        void open() throws IOException {
            checkpoint = StableDiffusion.open(golden.pipeline(), TorchRuntime.cpu());
        }

        @AfterAll
        void close() {
            checkpoint.close();
            golden.close();
        }

        @Test
        @Order(1)
        void pixels() throws IOException {
            List<RgbImage> images = images();
            try (NDArray expected = golden.tensor("pixels")) {
                byte[] bytes = expected.toByteArray();
                int plane = 128 * 128;
                for (int b = 0; b < 2; b++) {
                    byte[] samples =
                            PillowResize.resize(images.get(b), Size.square(128)).samples();
                    byte[] planar = new byte[3 * plane];
                    for (int i = 0; i < samples.length; i++) {
                        planar[i % 3 * plane + i / 3] = samples[i];
                    }
                    assertThat(planar)
                            .isEqualTo(java.util.Arrays.copyOfRange(bytes, b * 3 * plane, (b + 1) * 3 * plane));
                }
            }
        }

        @Test
        @Order(2)
        void tokensAndText() throws IOException {
            JsonArray prompts = golden.json().getAsJsonArray("prompts");
            for (int i = 0; i < prompts.size(); i++) {
                JsonObject prompt = prompts.get(i).getAsJsonObject();
                long[] expected = prompt.getAsJsonArray("input_ids").asList().stream()
                        .mapToLong(id -> id.getAsLong())
                        .toArray();
                String text = prompt.get("prompt").getAsString();
                assertThat(checkpoint.tokens(text)).as("tokens of '%s'", text).containsExactly(expected);
                golden.assertClose("text." + i, checkpoint.embed(text, golden.manager()), EXACT);
            }
        }

        @Test
        @Order(3)
        void autoencoder() throws IOException {
            try (NDArray pixels = PixelTensors.of(images(), Size.square(128), golden.manager());
                    NDArray moments = checkpoint.vae().encode(pixels)) {
                golden.assertClose("vae.mean", moments.get(":, :4"), EXACT);
                golden.assertClose("vae.logvar", moments.get(":, 4:"), EXACT);
                NDArray sample = checkpoint.vae().latentSample(moments, golden.tensor("vae.noise"));
                // the stored latents are divided by one deviation over both images
                double deviation = unbiasedDeviation(sample.toFloatArray());
                golden.assertClose("latents", sample.div((float) deviation), EXACT);
            }
            golden.assertClose("vae.decoded", checkpoint.vaeDecoder().decode(golden.tensor("latents")), EXACT);
        }

        @Test
        @Order(4)
        void network() throws IOException {
            try (TextConditioning text = checkpoint.condition(prompt(1))) {
                for (int timestep : new int[] {-1, 0, 501}) {
                    NDArray latents = golden.tensor("latents");
                    List<Integer> seen = new ArrayList<>();
                    NDArray output = checkpoint
                            .unet()
                            .forward(
                                    latents,
                                    timestep,
                                    text,
                                    timestep == 501 ? comparing(seen) : FeatureTaps.NONE,
                                    true);
                    assertThat(seen)
                            .isEqualTo(
                                    timestep == 501
                                            ? IntStream.rangeClosed(1, 12)
                                                    .boxed()
                                                    .toList()
                                            : List.of());
                    golden.assertClose("unet.t" + timestep, output, EXACT);
                }
            }
        }

        private FeatureTaps comparing(List<Integer> seen) {
            return new FeatureTaps() {
                @Override
                public boolean wants(int layer) {
                    return layer <= 12;
                }

                @Override
                public void tap(int layer, NDArray feature) {
                    seen.add(layer);
                    try {
                        golden.assertClose("unet.t501.layer" + layer, feature, EXACT);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }
            };
        }

        @Test
        @Order(5)
        void inversion() throws IOException {
            DiffusionFeatureExtractor extractor =
                    new DiffusionFeatureExtractor(checkpoint, ExtractionSettings.inversion());
            Map<Integer, Integer> stored = Map.of(0, 0, 9, 1, 24, 2, 49, 3);
            try (FeatureStack stack = FeatureStack.create(golden.manager(), DataType.FLOAT16)) {
                extractor.extract(golden.tensor("latents"), null, stack, RunMonitor.NONE, (call, latents) -> {
                    Integer index = stored.get(call.step());
                    if (index != null) {
                        compare("inversion.trajectory", index, latents, EXACT);
                    }
                });
                assertThat(stack.keys()).hasSize(11 * 12);
                for (FeatureKey key : stack.keys()) {
                    golden.assertClose("inversion." + key.tensorName(), stack.get(key.saveIndex(), key.layer()), FP16);
                }
            }
        }

        @Test
        @Order(6)
        void generation() throws IOException {
            ExtractionSettings settings = ExtractionSettings.generation(prompt(1))
                    .withTimesteps(50, List.of(25))
                    .withLayers(List.of(5));
            DiffusionFeatureExtractor extractor = new DiffusionFeatureExtractor(checkpoint, settings);
            Map<Integer, Integer> stored = Map.of(0, 0, 9, 1, 24, 2, 49, 3);
            try (FeatureStack stack = FeatureStack.create(golden.manager(), DataType.FLOAT32)) {
                extractor.extract(golden.tensor("generation.noise"), null, stack, RunMonitor.NONE, (call, latents) -> {
                    Integer index = stored.get(call.step());
                    if (index != null) {
                        compare("generation.trajectory", index, latents, EXACT);
                    }
                });
                golden.assertClose("generation.s25.layer5", stack.get(25, 5), EXACT);
            }
        }

        @Test
        @Order(7)
        void oneStep() throws IOException {
            DiffusionFeatureExtractor extractor =
                    new DiffusionFeatureExtractor(checkpoint, ExtractionSettings.oneStep());
            try (FeatureStack stack = FeatureStack.create(golden.manager(), DataType.FLOAT32)) {
                extractor.extract(golden.tensor("latents"), null, stack, RunMonitor.NONE, (call, latents) -> {
                    try {
                        golden.assertClose("one_step.latent", latents, EXACT);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
                golden.assertClose("one_step.layer1", stack.get(0, 1), EXACT);
            }
        }

        @Test
        @Order(8)
        void endsAsSoonAsNothingIsWanted() throws IOException {
            ExtractionSettings settings = ExtractionSettings.inversion()
                    .withTimesteps(50, List.of(49, 40))
                    .withLayers(List.of(2, 4));
            List<FeatureKey> keys = new ArrayList<>();
            int[] calls = {0};
            RunMonitor counting = new RunMonitor(null, () -> {
                calls[0]++;
                return false;
            });
            FeatureConsumer consumer = (key, map) -> {
                keys.add(key);
                assertThat(map.getShape().get(1)).isEqualTo(64);
                try {
                    golden.assertClose("inversion." + key.tensorName(), map, FP16);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            };
            new DiffusionFeatureExtractor(checkpoint, settings)
                    .extract(golden.tensor("latents"), null, consumer, counting, null);
            assertThat(keys)
                    .containsExactly(
                            new FeatureKey(49, 2), new FeatureKey(49, 4), new FeatureKey(40, 2), new FeatureKey(40, 4));
            assertThat(calls[0]).isEqualTo(10);
        }

        private void compare(String name, int index, NDArray latents, double tolerance) {
            try (NDArray all = golden.tensor(name)) {
                Golden.assertClose(name + "[" + index + "]", latents, all.get(index), tolerance);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private String prompt(int i) throws IOException {
            return golden.json()
                    .getAsJsonArray("prompts")
                    .get(i)
                    .getAsJsonObject()
                    .get("prompt")
                    .getAsString();
        }
    }

    private static List<RgbImage> images() throws IOException {
        return List.of(
                RgbImage.read(Golden.fixtures().resolve("images/a.png")),
                RgbImage.read(Golden.fixtures().resolve("images/b.png")));
    }

    private static double unbiasedDeviation(float[] values) {
        double mean = IntStream.range(0, values.length)
                .mapToDouble(i -> values[i])
                .average()
                .orElseThrow();
        double sum = IntStream.range(0, values.length)
                .mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
                .sum();
        return Math.sqrt(sum / (values.length - 1));
    }
}
