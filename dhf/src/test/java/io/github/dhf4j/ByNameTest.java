package io.github.dhf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import io.github.dhf4j.diffusion.BundledCheckpoint;
import io.github.dhf4j.diffusion.BundledPair;
import io.github.dhf4j.diffusion.CleanDift;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.hub.HubException;
import io.github.dhf4j.io.hub.HubId;
import io.github.dhf4j.io.hub.HubSettings;
import io.github.dhf4j.io.hub.ModelPath;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import io.github.dhf4j.testing.hub.HubRepository;
import io.github.dhf4j.testing.hub.HubServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline by a name, from a server on this machine. */
class ByNameTest {
    @TempDir
    Path home;

    private HubServer server;
    private Path tiny;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void serve() throws IOException {
        server = new HubServer();
        tiny = BundledCheckpoint.unpack();
        Map<String, byte[]> files =
                new TreeMap<>(HubRepository.of("owner/tiny", tiny).files());
        for (String other : List.of(
                "safety_checker/model.safetensors", "unet/diffusion_pytorch_model.fp16.safetensors", "unet/x.bin")) {
            files.put(other, new byte[10]);
        }
        server.publish(new HubRepository("owner/tiny", files));
        environment.putAll(Map.of("HF_HOME", home.toString(), "HF_ENDPOINT", server.endpoint()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private DescriptorPipelineBuilder builder() {
        return DescriptorPipeline.builder().hub(HubSettings.of(environment));
    }

    private static List<Correspondence> matches(DescriptorPipelineBuilder builder) throws IOException {
        BundledPair pair = BundledPair.load();
        try (DescriptorPipeline pipeline = builder.build()) {
            assertThat(pipeline.isBundled()).isFalse();
            Hyperfeatures.Images images = Hyperfeatures.using(pipeline);
            return images.of(pair.source()).match(images.of(pair.target()), pair.points());
        }
    }

    @Test
    void aModelByNameIsTheModelByFolder() throws IOException {
        List<Correspondence> byFolder = matches(builder().model(tiny));
        assertThat(server.requests())
                .as("nothing is asked where a path is given")
                .isEmpty();
        assertThat(matches(builder().model("owner/tiny"))).isEqualTo(byFolder);
        Set<String> fetched = fetched();
        assertThat(fetched)
                .contains("unet/diffusion_pytorch_model.safetensors", "aggregator.safetensors", "tokenizer/vocab.json")
                .noneMatch(name -> name.startsWith("safety_checker") || name.endsWith(".bin") || name.contains("fp16"))
                .noneMatch(name -> name.startsWith("pair/") || name.equals("README.md"));
        long downloads = server.downloads();
        DescriptorPipelineBuilder both =
                builder().model("hf:owner/tiny@main").weights("owner/tiny/aggregator.safetensors");
        assertThat(both.weightsFile()).isEqualTo(both.checkpoint().path().resolve("aggregator.safetensors"));
        assertThat(server.downloads()).as("fetched once").isEqualTo(downloads);
        server.requests().clear();
        environment.put("HF_HUB_OFFLINE", "1");
        assertThat(builder().model("owner/tiny").checkpoint().path())
                .isEqualTo(both.checkpoint().path());
        assertThat(server.requests()).isEmpty();
    }

    private Set<String> fetched() throws IOException {
        Path snapshots = home.resolve("hub/models--owner--tiny/snapshots");
        try (Stream<Path> all = Files.walk(snapshots)) {
            Set<String> names = new TreeSet<>();
            all.filter(Files::isRegularFile)
                    .map(file -> snapshots.relativize(file))
                    .forEach(file -> names.add(
                            file.subpath(1, file.getNameCount()).toString().replace('\\', '/')));
            return names;
        }
    }

    private static List<Integer> calls(DescriptorPipelineBuilder builder) throws IOException {
        try (FeatureAggregator aggregator = builder.runtime(TorchRuntime.cpu()).openAggregator()) {
            return ((Inversion) aggregator.settings().process()).calls();
        }
    }

    @Test
    void aPresetTriesItsNamesInTurnAndSaysWhatItIsFirst() throws IOException {
        Preset preset = new Preset(
                "test",
                "a test",
                List.of(HubId.parse("gone/tiny"), HubId.parse("owner/tiny")),
                HubId.parse("owner/tiny/aggregator.safetensors"),
                null,
                null,
                null,
                CallBudget.of(2),
                "small",
                "free",
                "rendered pictures");
        assertThat(preset.notice()).isEqualTo("""
                        preset test: a test
                          from     gone/tiny or owner/tiny, owner/tiny/aggregator.safetensors
                          size     small; kept in the hub's cache
                          licence  free
                          tried    rendered pictures""");
        DescriptorPipelineBuilder builder = builder().preset(preset);
        assertThat(builder.isBundled()).isFalse();
        assertThatThrownBy(() -> builder.model("owner/other"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("one of model and preset must be given, got owner/other and test; leave one out");
        assertThat(builder.weightsFile()).hasSameBinaryContentAs(tiny.resolve("aggregator.safetensors"));
        assertThat(HubId.inCache(builder.checkpoint().path()).map(HubId::repository))
                .contains("owner/tiny");
        assertThat(builder.rawSettings()).isNull();
        assertThat(calls(builder)).as("the preset's own").hasSize(2).startsWith(49);
        assertThat(calls(builder().preset(preset).calls(1))).hasSize(1);
        assertThat(calls(builder().preset(preset).paperWalk()))
                .as("the training's")
                .hasSize(3);
        assertThat(calls(builder().preset(preset).weights(tiny.resolve("aggregator.safetensors"))))
                .as("weights of one's own")
                .hasSize(3);
        assertThat(server.requests().get(0).path()).as("the small file first").contains("aggregator.safetensors");
        Preset gone = new Preset(
                "gone", "", List.of(HubId.parse("gone/tiny")), null, null, null, null, CallBudget.SAVED, "", "", "");
        assertThatThrownBy(() -> builder().preset(gone).build())
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.reason()).isEqualTo(HubException.Reason.NO_REPOSITORY));
        assertThatThrownBy(() -> DescriptorPipeline.pretrained("papre"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("preset must be one of paper, one-step, sdv2-1, dift, cleandift, dinov2-small, dinov2-base,"
                        + " dino-vits8, marco, got 'papre'");
    }

    @Test
    void aPresetsUNetTakesThePlaceOfTheCheckpointsWhichIsNotFetched() throws IOException {
        byte[] unet = Files.readAllBytes(tiny.resolve("unet/diffusion_pytorch_model.safetensors"));
        server.publish(new HubRepository("tuner/clean", new TreeMap<>(Map.of("clean_unet.safetensors", unet))));
        Preset preset = new Preset(
                "clean",
                "a test",
                List.of(HubId.parse("owner/tiny")),
                null,
                HubId.parse("tuner/clean/clean_unet.safetensors"),
                null,
                CleanDift.of("").withLoadSize(128),
                CallBudget.PAPER,
                "small",
                "free",
                "rendered pictures");
        assertThat(preset.notice()).contains("from     owner/tiny, tuner/clean/clean_unet.safetensors\n");
        try (DescriptorPipeline pipeline = builder().preset(preset).build();
                DescriptorPipeline same = builder()
                        .model(tiny)
                        .unet("tuner/clean/clean_unet.safetensors")
                        .raw(CleanDift.of("").withLoadSize(128))
                        .build()) {
            RgbImage image = BundledPair.load().source();
            assertThat(pipeline.describe(List.of(image)).get(0).values())
                    .isEqualTo(same.describe(List.of(image)).get(0).values());
        }
        assertThat(fetched()).contains("unet/config.json").doesNotContain("unet/diffusion_pytorch_model.safetensors");
        assertThatThrownBy(() -> builder()
                        .model(Golden.fixtures().resolve("baselines/dinov2/plain"))
                        .unet("tuner/clean/clean_unet.safetensors")
                        .checkpoint())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a UNet can be put into diffusion checkpoints only, got backbone dinov2");
    }

    @Test
    void everyPresetSaysLicenceSizeAndThatItWasNotRun() {
        for (Preset preset : Preset.all()) {
            assertThat(Preset.of(preset.name())).isSameAs(preset);
            assertThat(preset.notice()).contains("licence  ", "about ", "not run by us");
            assertThat(preset.models()).isNotEmpty();
        }
    }

    @Test
    void aTransformerIsItsConfigurationsAndOneFileOfWeights() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        for (String name : List.of("model.safetensors", "pytorch_model.bin", "README.md", "preprocessor_config.json")) {
            files.put(name, new byte[3]);
        }
        files.put("config.json", "{\"model_type\": \"dinov2\"}".getBytes(StandardCharsets.UTF_8));
        server.publish(new HubRepository("owner/dino", files));
        HubModels models = new HubModels(() -> HubSettings.of(environment), RunMonitor.NONE, DataType.FLOAT32);
        Path folder = models.checkpoint(ModelPath.of("owner/dino"));
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("config.json", "preprocessor_config.json", "model.safetensors");
        }
        assertThat(HubId.inCache(folder).map(HubId::repository)).contains("owner/dino");
        files.remove("model.safetensors");
        server.publish(new HubRepository("owner/dino", files));
        assertThat(models.checkpoint(ModelPath.of("owner/dino")).resolve("pytorch_model.bin"))
                .exists();
        files.remove("pytorch_model.bin");
        server.publish(new HubRepository("owner/dino", files));
        assertThatThrownBy(() -> models.checkpoint(ModelPath.of("owner/dino")))
                .hasMessageContaining("weights must be in model.safetensors or pytorch_model.bin");
        JsonObject other = new JsonObject();
        other.addProperty("model_type", "llama");
        files.put("config.json", other.toString().getBytes(StandardCharsets.UTF_8));
        server.publish(new HubRepository("owner/dino", files));
        assertThatThrownBy(() -> models.checkpoint(ModelPath.of("owner/dino")))
                .hasMessageContaining("model must hold a checkpoint of one of diffusion, dino, dinov2")
                .hasMessageContaining("owner/dino/FILE");
    }
}
