package io.github.dhf4j.matching;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.backbones.VisionTransformerExtractor;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Facet;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.feature.TokenTaps;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nearest cells of vision transformers' maps, whose patches need not fill the image. */
class NearestCellsGoldenTest {
    @ParameterizedTest
    @CsvSource({
        "dino, '', match.key, 10, KEY, 8, 64, 64, 96, 80",
        "dino, '', match.key.binned, 10, KEY, 8, 64, 64, 96, 80",
        "dinov2, plain, match.plain.block11.token, 12, TOKEN, 14, 70, 70, 98, 84",
        "dinov2, registers, match.registers.block11.token, 12, TOKEN, 14, 70, 70, 98, 84"
    })
    void matchesOfVisionTransformersAreTheReferences(
            String fixture,
            String folder,
            String name,
            int layer,
            Facet facet,
            int stride,
            int sourceWidth,
            int sourceHeight,
            int targetWidth,
            int targetHeight)
            throws IOException {
        ExtractionSettings settings = ExtractionSettings.forward()
                .withTaps(new TokenTaps(List.of(layer), facet, stride, false, name.endsWith("binned")));
        try (Golden golden = new Golden("baselines/" + fixture)) {
            Path path = golden.folder().resolve(folder);
            DescriptorMap source = describe(path, settings, new Size(sourceWidth, sourceHeight), golden.manager());
            DescriptorMap target = describe(path, settings, new Size(targetWidth, targetHeight), golden.manager());
            JsonObject expected = golden.json().getAsJsonObject(name);
            CellMatches cells = CellMatches.of(source, target);
            JsonArray nearest = expected.getAsJsonArray("nearest_flat_index");
            JsonArray margins = expected.getAsJsonArray("margin_to_runner_up");
            assertThat(cells.forward()).hasSize(nearest.size());
            for (int i = 0; i < nearest.size(); i++) {
                if (margins.get(i).getAsDouble() > 5e-5) {
                    assertThat(cells.forward()[i])
                            .as("cell %d", i)
                            .isEqualTo(nearest.get(i).getAsInt());
                }
            }
            assertThat(mutual(cells)).isEqualTo(pairs(expected.getAsJsonArray("mutual_pairs")));
        }
    }

    /** The image a.png through the network, as one map. */
    private static DescriptorMap describe(Path checkpoint, ExtractionSettings settings, Size size, NDManager manager)
            throws IOException {
        RgbImage image = RgbImage.read(Golden.fixtures().resolve("images/a.png"));
        try (VisionTransformerExtractor extractor =
                        VisionTransformerExtractor.open(checkpoint, settings, size, TorchRuntime.cpu());
                FeatureStack stack = FeatureStack.create(manager.newSubManager(), DataType.FLOAT32)) {
            extractor.extract(List.of(image), stack, RunMonitor.NONE);
            NDArray map = stack.get(0, settings.layers().get(0));
            return DescriptorMap.of(map, List.of(image.size()), size).get(0);
        }
    }

    private static List<List<Integer>> mutual(CellMatches cells) {
        List<List<Integer>> mutual = new ArrayList<>();
        for (int i = 0; i < cells.forward().length; i++) {
            if (cells.backward()[cells.forward()[i]] == i) {
                mutual.add(List.of(i, cells.forward()[i]));
            }
        }
        return mutual;
    }

    private static List<List<Integer>> pairs(JsonArray array) {
        List<List<Integer>> pairs = new ArrayList<>();
        array.forEach(pair -> pairs.add(List.of(
                pair.getAsJsonArray().get(0).getAsInt(),
                pair.getAsJsonArray().get(1).getAsInt())));
        return pairs;
    }
}
