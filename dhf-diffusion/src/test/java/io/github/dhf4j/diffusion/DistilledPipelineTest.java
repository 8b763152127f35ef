package io.github.dhf4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.dhf4j.diffusion.model.Conditions;
import io.github.dhf4j.diffusion.model.FeatureTaps;
import io.github.dhf4j.diffusion.model.TextConditioning;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Distilled networks in whole pipelines: a text encoder and an autoencoder of their width around them. */
class DistilledPipelineTest {
    private static final String PROMPT = "a photo of a cat";

    @TempDir
    Path folder;

    private NDManager manager;
    private NDArray latents;

    @BeforeEach
    void begin() {
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        latents = manager.randomNormal(0, 1, new Shape(1, 4, 16, 16), DataType.FLOAT32);
    }

    @AfterEach
    void end() {
        manager.close();
    }

    private StableDiffusion open(String form) throws IOException {
        Path fixtures = Golden.fixtures();
        for (String part : List.of("vae", "scheduler", "tokenizer")) {
            copy(fixtures.resolve("sd15/pipeline").resolve(part), part);
        }
        // the one text encoder of the fixtures that is 24 wide; as in SD, its projection is passed over
        copy(fixtures.resolve("sdxl/pipeline/text_encoder_2"), "text_encoder");
        copy(fixtures.resolve("sd-distilled").resolve(form).resolve("unet"), "unet");
        JsonObject index = Json.readObject(fixtures.resolve("sd15/pipeline/model_index.json"));
        index.add("text_encoder", Json.array(List.of("transformers", "CLIPTextModelWithProjection")));
        Files.writeString(folder.resolve("model_index.json"), index.toString());
        return StableDiffusion.open(folder, TorchRuntime.cpu());
    }

    private void copy(Path from, String part) throws IOException {
        Files.createDirectories(folder.resolve(part));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(part).resolve(file.getFileName()));
            }
        }
    }

    private float[] generated(StableDiffusion checkpoint, @Nullable String negative, double guidance) {
        Generation process = Generation.of(PROMPT).withTimesteps(2, List.of(1)).withGuidance(negative, guidance);
        return last(checkpoint, ExtractionSettings.of(process).withLayers(List.of(3)));
    }

    private float[] last(StableDiffusion checkpoint, ExtractionSettings settings) {
        try (FeatureStack stack = FeatureStack.create(manager.newSubManager(), DataType.FLOAT32)) {
            new DiffusionFeatureExtractor(checkpoint, settings).extract(latents, null, stack, RunMonitor.NONE, null);
            return stack.get(settings.saveIndices().get(0), 3).toFloatArray();
        }
    }

    private float[] called(StableDiffusion checkpoint, String prompt, int timestep, @Nullable Double guidance) {
        Conditions told = checkpoint.conditions(prompt, Size.square(128), manager);
        float[][] seen = new float[1][];
        FeatureTaps taps = new FeatureTaps() {
            @Override
            public boolean wants(int layer) {
                return layer == 3;
            }

            @Override
            public void tap(int layer, NDArray feature) {
                seen[0] = feature.toFloatArray();
            }
        };
        try (TextConditioning conditioning = checkpoint.unet().condition(told.withGuidance(guidance))) {
            checkpoint.unet().forward(latents, timestep, conditioning, taps, false);
        }
        return seen[0];
    }

    @Test
    void aNetworkThatTakesTheGuidanceScaleIsCalledOnce() throws IOException {
        try (StableDiffusion checkpoint = open("lcm")) {
            assertThat(CheckpointReport.of(folder).problems()).isEmpty();
            assertThat(String.join("\n", CheckpointReport.of(folder).lines()))
                    .contains(", guidance", "6 decoder layers");
            float[] strong = generated(checkpoint, "", 8.5);
            assertThat(generated(checkpoint, "a dog", 8.5)).isEqualTo(strong);
            assertThat(generated(checkpoint, null, 8.5)).isEqualTo(strong);
            assertThat(generated(checkpoint, "", 2)).isNotEqualTo(strong);
            Generation first =
                    Generation.of(PROMPT).withTimesteps(2, List.of(0)).withGuidance("", 8.5);
            assertThat(last(checkpoint, ExtractionSettings.of(first).withLayers(List.of(3))))
                    .isEqualTo(called(checkpoint, PROMPT, 500, 8.5))
                    .isNotEqualTo(called(checkpoint, PROMPT, 500, null));
        }
    }

    @Test
    void anInversionHasNoGuidance() throws IOException {
        try (StableDiffusion checkpoint = open("lcm")) {
            Inversion process = new Inversion(2, List.of(1), "", false, 0);
            assertThat(last(checkpoint, ExtractionSettings.of(process).withLayers(List.of(3))))
                    .isEqualTo(called(checkpoint, "", -1, null));
        }
    }

    @Test
    void aNetworkWithoutAMiddleBlockIsGuidedAsOthers() throws IOException {
        try (StableDiffusion checkpoint = open("bk-sdm")) {
            assertThat(String.join("\n", CheckpointReport.of(folder).lines()))
                    .contains("no middle block", "8 decoder layers");
            float[] guided = generated(checkpoint, "", 7.5);
            assertThat(generated(checkpoint, "a dog", 7.5)).isNotEqualTo(guided);
            // Stable Diffusion 1.x and 2.x: no negative prompt is the empty one
            assertThat(generated(checkpoint, null, 7.5)).isEqualTo(guided);
        }
    }
}
