package io.github.dhf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.backbones.Marco;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.hub.HubId;
import io.github.dhf4j.io.hub.HubSettings;
import io.github.dhf4j.io.hub.ReleaseAsset;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.testing.Golden;
import io.github.dhf4j.testing.hub.HubRepository;
import io.github.dhf4j.testing.hub.HubServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MARCO's adapters given as the weights of a DINOv2: the pipeline's matches are the golden ones. */
class MarcoPipelineTest {
    private static final int SIDE = 98;
    private static final Path MARCO = Golden.fixtures().resolve("baselines/marco");
    private static final Path DINOV2 = MARCO.resolve("dinov2");
    private static final Path ADAPTERS = MARCO.resolve("marco.pth");

    private static RgbImage image(String name) throws IOException {
        return RgbImage.read(Golden.fixtures().resolve("images").resolve(name));
    }

    private static DescriptorPipelineBuilder builder() {
        return DescriptorPipeline.builder()
                .model(DINOV2)
                .weights(ADAPTERS)
                .raw(Marco.paper().withLoadSize(SIDE));
    }

    private static JsonObject points() throws IOException {
        try (Golden golden = new Golden("baselines/marco")) {
            return golden.json().getAsJsonObject("points");
        }
    }

    private static List<Point> points(String key) throws IOException {
        List<Point> points = new ArrayList<>();
        points().getAsJsonArray(key).forEach(each -> {
            JsonArray xy = each.getAsJsonArray();
            points.add(new Point(xy.get(0).getAsDouble(), xy.get(1).getAsDouble()));
        });
        return points;
    }

    private static void assertGolden(List<Correspondence> found, Size target) throws IOException {
        List<Point> expected = points("predicted_" + SIDE + "_xy");
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            Point at = expected.get(i).scaled(Size.square(SIDE), target);
            assertThat(found.get(i).target().x()).isCloseTo(at.x(), within(1e-2));
            assertThat(found.get(i).target().y()).isCloseTo(at.y(), within(1e-2));
        }
    }

    @Test
    void matchesAreTheGoldenOnesAndSoAreThoseOfKeptMaps(@TempDir Path folder) throws IOException {
        RgbImage a = image("a.png");
        RgbImage b = image("b.png");
        Path kept = folder.resolve("b.safetensors");
        try (DescriptorPipeline pipeline = builder().build()) {
            Hyperfeatures.Images images = Hyperfeatures.using(pipeline);
            DescribedImage first = images.of(a);
            List<Correspondence> found = first.match(images.of(b), points("source_a_xy"));
            assertGolden(found, b.size());
            assertThat(found).allSatisfy(match -> assertThat(match.confidence()).isBetween(0.0, 1.0));
            images.of(b).descriptors().save(kept);
            assertGolden(
                    first.match(images.of(DescriptorMap.load(kept)), points("source_a_xy"), MatchOptions.USUAL),
                    b.size());
            assertThat(first.match(images.of(b))).as("mutual cells").isNotEmpty();
            assertThat(pipeline.name()).contains("adapted by marco.pth");
        }
    }

    @Test
    void adaptersBesideTheCheckpointAreFoundAndDescribeByTheirOwnSettings(@TempDir Path folder) throws IOException {
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(DINOV2.resolve(name), folder.resolve(name));
        }
        assertThat(DescriptorPipeline.builder().model(folder).adapters()).isNull();
        Files.copy(ADAPTERS, folder.resolve("marco_release.pth"));
        DescriptorPipelineBuilder beside = DescriptorPipeline.builder().model(folder);
        assertThat(beside.adapters()).isEqualTo(folder.resolve("marco_release.pth"));
        assertThat(beside.rawSettings()).isEqualTo(Marco.paper());
        assertThat(beside.checkpoint().inspect().mapSize()).isEqualTo(Size.square(220));
    }

    @Test
    void adaptersOfAnotherNetworkAreRefused() {
        Path dino = Golden.fixtures().resolve("baselines/dino");
        assertThatThrownBy(() -> DescriptorPipeline.builder()
                        .model(dino)
                        .weights(ADAPTERS)
                        .build())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("backbone dino (");
        assertThatThrownBy(() -> DescriptorPipeline.builder()
                        .model(Golden.fixtures().resolve("baselines/dinov2/plain"))
                        .weights(ADAPTERS)
                        .build())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("must have registers");
    }

    @Test
    void aPresetFetchesTheCheckpointFromTheHubAndTheAdaptersFromTheirRelease(@TempDir Path home) throws IOException {
        try (HubServer server = new HubServer()) {
            server.publish(HubRepository.of("owner/dinov2", DINOV2));
            server.publish(new HubRepository("lab/marco", Map.of("marco_release.pth", Files.readAllBytes(ADAPTERS))));
            ReleaseAsset asset = new ReleaseAsset(
                    URI.create(server.endpoint()), HubId.parse("lab/marco/marco_release.pth@v1.0"), null);
            Preset preset = new Preset(
                    "test",
                    "a test",
                    List.of(HubId.parse("owner/dinov2")),
                    null,
                    null,
                    asset,
                    Marco.paper().withLoadSize(SIDE),
                    CallBudget.PAPER,
                    "small",
                    "free",
                    "never");
            assertThat(preset.notice())
                    .contains(server.endpoint() + "/lab/marco/releases/download/v1.0/marco_release.pth");
            HubSettings hub = HubSettings.of(Map.of("HF_HOME", home.toString(), "HF_ENDPOINT", server.endpoint()));
            try (DescriptorPipeline pipeline =
                    DescriptorPipeline.builder().hub(hub).preset(preset).build()) {
                Hyperfeatures.Images images = Hyperfeatures.using(pipeline);
                RgbImage b = image("b.png");
                assertGolden(images.of(image("a.png")).match(images.of(b), points("source_a_xy")), b.size());
            }
        }
    }
}
