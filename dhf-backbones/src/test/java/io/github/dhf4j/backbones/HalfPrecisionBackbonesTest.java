package io.github.dhf4j.backbones;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.spi.Providers;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vision transformers in bfloat16 and float16 against themselves in float32. */
class HalfPrecisionBackbonesTest {
    @ParameterizedTest
    @CsvSource({
        "dino, BFLOAT16, 0.04",
        "dino, FLOAT16, 0.005",
        "dinov2/plain, BFLOAT16, 0.04",
        "dinov2/swiglu, BFLOAT16, 0.04",
        "dinov3/plain, BFLOAT16, 0.04",
        "dinov3/gated, FLOAT16, 0.005"
    })
    void everyMapIsThatOfFloat32ButForWhatTheTypeCannotHold(String network, DataType dtype, double allowed)
            throws IOException {
        Path folder = Golden.fixtures().resolve("baselines").resolve(network);
        Map<FeatureKey, float[]> exact = maps(folder, DataType.FLOAT32);
        Map<FeatureKey, float[]> half = maps(folder, dtype);
        assertThat(half.keySet()).isEqualTo(exact.keySet());
        exact.forEach((key, expected) -> {
            float[] actual = half.getOrDefault(key, expected);
            double difference = 0;
            double size = 0;
            for (int i = 0; i < expected.length; i++) {
                difference += Math.pow(actual[i] - expected[i], 2);
                size += Math.pow(expected[i], 2);
            }
            assertThat(Math.sqrt(difference / size)).as("%s", key).isBetween(1e-6, allowed);
        });
    }

    private static Map<FeatureKey, float[]> maps(Path folder, DataType dtype) throws IOException {
        RgbImage image = RgbImage.read(Golden.fixtures().resolve("images/a.png"));
        Map<FeatureKey, float[]> maps = new LinkedHashMap<>();
        try (FeatureExtractor extractor = Providers.checkpoint(null, folder)
                .open(ExtractionSettings.forward(), new TorchRuntime(Device.cpu(), dtype))) {
            extractor.extract(List.of(image), (key, map) -> maps.put(key, map.toFloatArray()), RunMonitor.NONE);
        }
        return maps;
    }
}
