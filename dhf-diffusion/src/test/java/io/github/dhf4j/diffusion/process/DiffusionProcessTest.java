package io.github.dhf4j.diffusion.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.feature.ExtractionProcess;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.feature.LayerTaps;
import io.github.dhf4j.feature.Noised;
import io.github.dhf4j.feature.RunMonitor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop over a network and a sampler that are neither a UNet nor DDIM. */
class DiffusionProcessTest {
    private final List<String> calls = new ArrayList<>();
    private NDManager manager;
    private NDArray start;

    @BeforeEach
    void begin() {
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        start = manager.zeros(new Shape(1, 1, 1, 1));
    }

    @AfterEach
    void end() {
        manager.close();
    }

    /** Gives a number for an output, the latents for a feature, and writes down what it is asked. */
    private class Network implements Denoiser.Conditioned {
        private final String name;
        private final float output;

        Network(String name, float output) {
            this.name = name;
            this.output = output;
        }

        @Override
        public @Nullable NDArray forward(NDArray latents, int timestep, FeatureTaps taps, boolean needsOutput) {
            calls.add(name + " " + timestep + (needsOutput ? " whole" : ""));
            if (taps.wants(1)) {
                taps.tap(1, latents);
            }
            return needsOutput ? latents.onesLike().mul(output) : null;
        }

        @Override
        public void close() {
            calls.add(name + " closed");
        }
    }

    /** Adds the output, and noise. */
    private static final class Adding implements Sampler {
        @Override
        public List<NetworkCall> calls(ExtractionProcess process) {
            return NetworkCall.of(process, 1000);
        }

        @Override
        public NDArray step(NDArray latents, NDArray output, NetworkCall call) {
            return latents.add(output);
        }

        @Override
        public NDArray noised(NDArray latents, NDArray noise, NetworkCall call) {
            return latents.add(noise);
        }
    }

    private List<Float> run(Denoiser.Conditioned network, ExtractionProcess process, @Nullable NDArray noise) {
        List<Float> features = new ArrayList<>();
        ExtractionSettings settings = ExtractionSettings.of(process).withTaps(new LayerTaps(List.of(1)));
        new DiffusionProcess(network, new Adding(), settings)
                .run(
                        start,
                        noise,
                        (FeatureKey key, NDArray map) -> features.add(map.getFloat(0, 0, 0, 0)),
                        RunMonitor.NONE,
                        null);
        return features;
    }

    @Test
    void latentsGoFromCallToCallAndTheLastCallEndsAtItsFeatures() {
        Inversion process = new Inversion(4, List.of(3, 1), "", false, 0);
        assertThat(run(new Network("n", 2), process, null)).containsExactly(0f, 4f);
        assertThat(calls).containsExactly("n -1 whole", "n 0 whole", "n 250");
    }

    @Test
    void aShorterWalkMakesItsCallsAlone() {
        Inversion paper = new Inversion(50, List.of(49, 45, 40, 5, 0), "", false, 0);
        Inversion process = paper.over(List.of(49, 40, 5));
        // each call's features see the sum of the outputs before it
        assertThat(run(new Network("n", 2), process, null)).containsExactly(0f, 2f, 4f);
        assertThat(calls).containsExactly("n -1 whole", "n 160 whole", "n 860");
    }

    @Test
    void everyStepGoesToTheTimestepOfTheNextCall() {
        Inversion process = new Inversion(50, List.of(40, 5), "", false, 0, List.of(49, 40, 5));
        assertThat(NetworkCall.of(process, 1000))
                .containsExactly(
                        new NetworkCall(0, -1, 160, 49),
                        new NetworkCall(1, 160, 860, 40),
                        new NetworkCall(2, 860, 880, 5));
    }

    @Test
    void guidanceCallsTwiceWhereTheOutputIsNeededAndFeaturesAreThePrompts() {
        ClassifierFreeGuidance guided = new ClassifierFreeGuidance(new Network("p", 3), new Network("n", 1), 2.5);
        Inversion process = new Inversion(2, List.of(1, 0), "", false, 0);
        // 1 + 2.5 (3 - 1)
        assertThat(run(guided, process, null)).containsExactly(0f, 6f);
        guided.close();
        assertThat(calls).containsExactly("p -1 whole", "n -1 whole", "p 0", "p closed", "n closed");
    }

    @Test
    void joinedGuidanceCallsOnceAndFeaturesAreThoseOfTheSecondHalf() {
        // gives 1 for the first half and 3 for the second
        Denoiser.Conditioned both = new Network("b", 0) {
            @Override
            public @Nullable NDArray forward(NDArray latents, int timestep, FeatureTaps taps, boolean needsOutput) {
                try (NDArray number = manager.create(new float[] {0.25f, 0.5f}, new Shape(2, 1, 1, 1));
                        NDArray halves = latents.add(number)) {
                    super.forward(halves, timestep, taps, needsOutput);
                }
                return latents.mul(0).add(manager.create(new float[] {1, 3}, new Shape(2, 1, 1, 1)));
            }
        };
        JoinedGuidance guided = new JoinedGuidance(both, new Network("p", 3), 2.5);
        Inversion process = new Inversion(2, List.of(1, 0), "", false, 0);
        assertThat(run(guided, process, null)).containsExactly(0.5f, 6f);
        guided.close();
        assertThat(calls).containsExactly("b -1 whole", "p 0", "b closed", "p closed");
    }

    @Test
    void noisedTimestepsStandAlone() {
        NDArray noise = manager.ones(new Shape(1, 1, 1, 1));
        assertThat(run(new Network("n", 2), Noised.at(261, 101), noise)).containsExactly(1f, 1f);
        assertThat(calls).containsExactlyInAnyOrder("n 261", "n 101");
    }

    /** Every feature of a short walk beside the formula in doubles, each step from one alpha to the next one's. */
    @Test
    void eachStepOfAShorterWalkGoesFromOneAlphaToTheNextOnes() {
        NoiseSchedule schedule = NoiseSchedule.stableDiffusion();
        Denoiser.Conditioned network = new Denoiser.Conditioned() {
            @Override
            public NDArray forward(NDArray latents, int timestep, FeatureTaps taps, boolean needsOutput) {
                taps.tap(1, latents);
                return latents.mul(0.7f).add(timestep / 1000f);
            }

            @Override
            public void close() {
                // holds nothing
            }
        };
        List<Integer> walk = List.of(49, 36, 23, 10);
        Inversion process = Inversion.PAPER.over(walk);
        List<Float> features = new ArrayList<>();
        new DiffusionProcess(
                        network,
                        new Ddim(schedule),
                        ExtractionSettings.of(process).withTaps(new LayerTaps(List.of(1))))
                .run(
                        manager.ones(new Shape(1, 1, 1, 1)),
                        null,
                        (key, map) -> features.add(map.getFloat(0, 0, 0, 0)),
                        RunMonitor.NONE,
                        null);
        int[] timesteps = {-1, 240, 500, 760};
        double x = 1;
        for (int i = 0; i < timesteps.length; i++) {
            assertThat((double) features.get(i)).isCloseTo(x, within(1e-5));
            double alpha = schedule.alphaCumprod(timesteps[i]);
            double next = i + 1 < timesteps.length ? schedule.alphaCumprod(timesteps[i + 1]) : 1;
            double noise = 0.7 * x + timesteps[i] / 1000.0;
            x = Math.sqrt(next) * (x - Math.sqrt(1 - alpha) * noise) / Math.sqrt(alpha) + Math.sqrt(1 - next) * noise;
        }
        assertThat(features).hasSize(4);
    }
}
