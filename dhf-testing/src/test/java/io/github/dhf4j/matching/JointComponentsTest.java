package io.github.dhf4j.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** SD + DINO after its maps, against the golden file. Components have no sign of their own, so cosines are compared. */
class JointComponentsTest {
    private static final Size IMAGE = new Size(112, 112);

    private static Golden golden;
    private static List<DescriptorMap> source;
    private static List<DescriptorMap> target;

    @BeforeAll
    static void read() throws IOException {
        golden = new Golden("sd-dino");
        source = new ArrayList<>();
        target = new ArrayList<>();
        for (int block : new int[] {2, 5, 8}) {
            NDArray both = golden.tensor("block" + block);
            List<DescriptorMap> maps = DescriptorMap.of(both, List.of(IMAGE, IMAGE), IMAGE);
            source.add(maps.get(0));
            target.add(maps.get(1));
        }
    }

    @AfterAll
    static void close() {
        golden.close();
    }

    @Test
    void cosinesAreThoseOfTheGoldenFile() throws IOException {
        JointComponents joint = JointComponents.of(source, target, 6);
        assertThat(joint.source().channels()).isEqualTo(18);
        assertThat(joint.source().size()).isEqualTo(Size.square(8));
        assertCosines("joint.cosines", joint.source(), joint.target());
    }

    @Test
    void joinedWithTokensTheyMatchAsTheGoldenFileSays() throws IOException {
        JointComponents joint = JointComponents.of(source, target, 6);
        DescriptorMap first = DescriptorFusion.of(joint.source(), tokens("tokens.s"));
        DescriptorMap second = DescriptorFusion.of(joint.target(), tokens("tokens.t"));
        assertCosines("fused.cosines", first, second);
        JsonObject match = golden.json().getAsJsonObject("match");
        for (int cell = 0; cell < 64; cell++) {
            if (match.getAsJsonArray("margin_to_runner_up").get(cell).getAsDouble() < 1e-4) {
                continue;
            }
            int best = 0;
            for (int other = 1; other < 64; other++) {
                best = Cosines.of(first, cell, second, other) > Cosines.of(first, cell, second, best) ? other : best;
            }
            assertThat(best)
                    .isEqualTo(
                            match.getAsJsonArray("nearest_flat_index").get(cell).getAsInt());
        }
    }

    @Test
    void theOrderOfLayersDoesNotMatter() {
        JointComponents one = JointComponents.of(source, target, 6);
        JointComponents other = JointComponents.of(
                List.of(source.get(2), source.get(0), source.get(1)),
                List.of(target.get(2), target.get(0), target.get(1)),
                6);
        for (int cell = 0; cell < 64; cell++) {
            assertThat(Cosines.of(other.source(), cell, other.target(), 63 - cell))
                    .isCloseTo(Cosines.of(one.source(), cell, one.target(), 63 - cell), within(1e-5));
        }
    }

    /** With all components cosines are those of the maps themselves, less the pair's mean. */
    @Test
    void allComponentsKeepEverything() {
        List<DescriptorMap> a = List.of(source.get(2));
        List<DescriptorMap> b = List.of(target.get(2));
        JointComponents all = JointComponents.of(a, b, 256);
        assertThat(all.source().channels()).isEqualTo(32);
        float[][] centred = centred(a.get(0), b.get(0));
        DescriptorMap first = new DescriptorMap(32, Size.square(8), centred[0], IMAGE, IMAGE);
        DescriptorMap second = new DescriptorMap(32, Size.square(8), centred[1], IMAGE, IMAGE);
        for (int cell = 0; cell < 64; cell++) {
            assertThat(Cosines.of(all.source(), cell, all.target(), 5))
                    .isCloseTo(Cosines.of(first, cell, second, 5), within(1e-5));
        }
    }

    @Test
    void imagesMayBeOfOtherSizes() {
        DescriptorMap wide = new DescriptorMap(64, new Size(2, 1), new float[128], new Size(20, 10), IMAGE);
        JointComponents joint =
                JointComponents.of(List.of(wide, source.get(1)), List.of(target.get(0), target.get(1)), 4);
        assertThat(joint.source().imageSize()).isEqualTo(new Size(20, 10));
        assertThat(joint.source().channels()).isEqualTo(8);
        assertThat(joint.target().size()).isEqualTo(Size.square(4));
    }

    @Test
    void mapsOfOtherLayersAreRefused() {
        assertThatThrownBy(() -> JointComponents.of(source, target.subList(0, 2), 6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of the same layers of both images");
        assertThatThrownBy(() -> JointComponents.of(source, List.of(target.get(2), target.get(1), target.get(0)), 6))
                .hasMessageContaining("of the same layers of both images");
        assertThatThrownBy(() -> JointComponents.of(List.of(), List.of(), 6)).hasMessageContaining("maps must be");
        assertThatThrownBy(() -> JointComponents.of(source, target, 0))
                .hasMessage("components must be 1 or more, got 0");
    }

    private static DescriptorMap tokens(String name) throws IOException {
        NDArray map = golden.tensor(name);
        Shape shape = map.getShape();
        return DescriptorMap.of(map.reshape(new Shape(1).addAll(shape)), List.of(IMAGE), IMAGE)
                .get(0);
    }

    private static void assertCosines(String name, DescriptorMap first, DescriptorMap second) throws IOException {
        float[] expected = golden.tensor(name).toFloatArray();
        for (int a = 0; a < 64; a++) {
            for (int b = 0; b < 64; b++) {
                assertThat(Cosines.of(first, a, second, b)).isCloseTo(expected[64 * a + b], within(2e-5));
            }
        }
    }

    private static float[][] centred(DescriptorMap a, DescriptorMap b) {
        float[][] values = {a.values().clone(), b.values().clone()};
        for (int c = 0; c < a.channels(); c++) {
            double sum = 0;
            for (float[] half : values) {
                for (int p = 0; p < 64; p++) {
                    sum += half[64 * c + p];
                }
            }
            for (float[] half : values) {
                for (int p = 0; p < 64; p++) {
                    half[64 * c + p] -= (float) (sum / 128);
                }
            }
        }
        return values;
    }
}
