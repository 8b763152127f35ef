package io.github.dhf4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.diffusion.model.TextConditioning;
import io.github.dhf4j.diffusion.process.Ddim;
import io.github.dhf4j.diffusion.process.Denoiser;
import io.github.dhf4j.diffusion.process.DiffusionProcess;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.ExtractionProcess;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.feature.LayerTaps;
import io.github.dhf4j.feature.Noised;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.SafeTensors;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is computed that nobody looks at: calls, blocks of the decoder, the autoencoder. */
class NetworkWorkTest {
    private static StableDiffusion checkpoint;

    @BeforeAll
    static void open() throws IOException {
        checkpoint = StableDiffusion.open(Golden.fixtures().resolve("sd15/pipeline"), TorchRuntime.cpu());
    }

    @AfterAll
    static void close() {
        checkpoint.close();
    }

    /** A network that writes down the timestep of each call, with a star where its output is computed to the end. */
    private static final class Counting implements Denoiser.Conditioned {
        final List<String> calls = new ArrayList<>();

        @Override
        public @Nullable NDArray forward(NDArray latents, int timestep, FeatureTaps taps, boolean needsOutput) {
            calls.add(timestep + (needsOutput ? "*" : ""));
            return needsOutput ? latents.zerosLike() : null;
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    private static List<String> calls(ExtractionProcess process) {
        Counting network = new Counting();
        ExtractionSettings settings = ExtractionSettings.of(process).withTaps(new LayerTaps(List.of(1)));
        try (NDManager manager = checkpoint.newManager()) {
            NDArray start = manager.zeros(new Shape(1, 4, 2, 2));
            NDArray noise = process instanceof Noised ? manager.ones(new Shape(1, 4, 2, 2)) : null;
            new DiffusionProcess(network, new Ddim(checkpoint.schedule()), settings)
                    .run(start, noise, (key, map) -> {}, RunMonitor.NONE, null);
        }
        return network.calls;
    }

    private static ExtractionProcess within(CallBudget budget) {
        return budget.of(ExtractionSettings.inversion()).process();
    }

    @Test
    void aWalkEndsInsideTheLastCallWhoseMapIsWanted() {
        assertThat(calls(Inversion.PAPER))
                .hasSize(50)
                .startsWith("-1*", "0*", "20*")
                .endsWith("940*", "960");
        assertThat(calls(Inversion.PAPER.withSaveIndices(List.of(45, 49))))
                .containsExactly("-1*", "0*", "20*", "40*", "60");
        assertThat(calls(Inversion.PAPER.withSaveIndices(List.of(49)))).containsExactly("-1");
        assertThat(calls(Generation.of("").withSaveIndices(List.of(0, 2)))).containsExactly("980*", "960*", "940");
        assertThat(calls(Noised.at(261, 101))).containsExactlyInAnyOrder("261", "101");
    }

    @Test
    void aShorterWalkMakesOneCallForEachTimestepAndNoMore() {
        assertThat(calls(within(CallBudget.SAVED)))
                .containsExactly("-1*", "60*", "160*", "260*", "360*", "460*", "560*", "660*", "760*", "860*", "960");
        assertThat(calls(within(CallBudget.of(6)))).containsExactly("-1*", "160*", "360*", "560*", "760*", "960");
        assertThat(calls(within(CallBudget.of(4)))).containsExactly("-1*", "260*", "560*", "860");
        assertThat(calls(within(CallBudget.of(1)))).containsExactly("-1");
        ExtractionProcess four = within(CallBudget.of(4));
        assertThat(calls(four.withSaveIndices(List.of(35, 49)))).containsExactly("-1*", "260");
    }

    /** Layers that are asked for before they run: what is asked after a tap runs after it. */
    private static final class Asked implements FeatureTaps {
        private final List<Integer> wanted;
        final List<Integer> tapped = new ArrayList<>();
        final List<Integer> askedSince = new ArrayList<>();

        Asked(List<Integer> wanted) {
            this.wanted = wanted;
        }

        @Override
        public boolean wants(int layer) {
            askedSince.add(layer);
            return wanted.contains(layer);
        }

        @Override
        public void tap(int layer, NDArray feature) {
            tapped.add(layer);
            askedSince.clear();
        }
    }

    private static Asked run(List<Integer> wanted, boolean whole) {
        Asked taps = new Asked(wanted);
        try (NDManager manager = checkpoint.newManager();
                TextConditioning prompt = checkpoint.condition("")) {
            NDArray latents = manager.zeros(new Shape(1, 4, 16, 16));
            NDArray output = checkpoint.unet().forward(latents, 60, prompt, taps, whole);
            assertThat(output == null).isEqualTo(!whole);
        }
        return taps;
    }

    @Test
    void aCallEndsAtTheLastWantedLayerWhereItsOutputIsNotNeeded() {
        for (List<Integer> wanted : List.of(List.of(1), List.of(2, 5), List.of(3, 7, 10), List.of(12))) {
            Asked taps = run(wanted, false);
            assertThat(taps.tapped).isEqualTo(wanted);
            assertThat(taps.askedSince)
                    .as("layers that ran after the last of " + wanted)
                    .isEmpty();
        }
        assertThat(run(List.of(), false).tapped).isEmpty();
    }

    @Test
    void aCallWhoseOutputIsNeededRunsEveryLayer() {
        assertThat(run(List.of(2), true).askedSince)
                .containsAll(IntStream.rangeClosed(3, 12).boxed().toList());
    }

    /** A decoder that cannot be read is no hindrance to who does not decode. */
    @Test
    void theAutoencodersDecoderIsReadWhereSomethingIsDecodedAndNotBefore(@TempDir Path folder) throws IOException {
        Path from = Golden.fixtures().resolve("sd15/pipeline");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = folder.resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
        Path vae = folder.resolve("vae/diffusion_pytorch_model.safetensors");
        try (NDManager manager = checkpoint.newManager();
                SafeTensors file = SafeTensors.open(from.resolve("vae/diffusion_pytorch_model.safetensors"))) {
            SafeTensorsWriter writer = new SafeTensorsWriter();
            for (String name : file.tensors().keySet()) {
                NDArray array = file.read(name, manager, DataType.FLOAT32);
                writer.tensor(name, name.equals("decoder.conv_out.bias") ? array.mul(Float.NaN) : array);
            }
            writer.write(vae);
        }
        RgbImage image = RgbImage.read(Golden.fixtures().resolve("images/a.png"));
        ExtractionSettings settings = ExtractionSettings.oneStep().withLayers(List.of(1));
        try (DiffusionFeatureExtractor extractor =
                        DiffusionFeatureExtractor.open(folder, settings, TorchRuntime.cpu());
                NDManager manager = extractor.newManager();
                NDArray latents = extractor.encode(List.of(image), null, manager)) {
            extractor.extract(List.of(image), (key, map) -> {}, RunMonitor.NONE);
            assertThatThrownBy(() -> extractor.decode(latents)).hasMessageContaining("decoder.conv_out.bias");
        }
    }
}
