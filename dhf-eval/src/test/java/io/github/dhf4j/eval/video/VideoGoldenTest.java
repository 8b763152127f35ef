package io.github.dhf4j.eval.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.dhf4j.eval.annotation.Mask;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.IndexedImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Propagation against torch, and J and F against numpy, both written after the papers. */
class VideoGoldenTest {
    private static List<IndexedImage> images(Golden golden, String name) throws IOException {
        try (NDArray tensor = golden.bytes(name)) {
            Shape shape = tensor.getShape();
            Size size = new Size((int) shape.get(shape.dimension() - 1), (int) shape.get(shape.dimension() - 2));
            byte[] all = tensor.toByteArray();
            int pixels = size.width() * size.height();
            List<IndexedImage> images = new ArrayList<>();
            for (int from = 0; from < all.length; from += pixels) {
                images.add(new IndexedImage(size, Arrays.copyOfRange(all, from, from + pixels)));
            }
            return images;
        }
    }

    private static List<DescriptorMap> maps(Golden golden, Size image) throws IOException {
        try (NDArray features = golden.tensor("features")) {
            int frames = (int) features.getShape().get(0);
            Size[] sizes = new Size[frames];
            Arrays.fill(sizes, image);
            return DescriptorMap.of(features, List.of(sizes), image);
        }
    }

    @Test
    void masksGoOnAsByTheWholeMatrixOfAffinities() throws Exception {
        try (Golden golden = new Golden("video")) {
            JsonObject json = golden.json();
            IndexedImage first = images(golden, "first").get(0);
            List<IndexedImage> expected = images(golden, "masks");
            double cells =
                    json.get("neighbourhood").getAsInt() * json.get("stride").getAsInt();
            LabelPropagation how = new LabelPropagation(
                    json.get("last").getAsInt(),
                    json.get("nearest").getAsInt(),
                    json.get("temperature").getAsDouble(),
                    cells / first.size().height());
            List<DescriptorMap> maps = maps(golden, first.size());
            try (Propagation propagation = how.begin(maps.get(0), first)) {
                for (int i = 1; i < maps.size(); i++) {
                    IndexedImage found = propagation.next(maps.get(i));
                    assertThat(different(found, expected.get(i)))
                            .as("frame %d", i)
                            .isLessThanOrEqualTo(1);
                }
            }
            assertThat(different(expected.get(0), expected.get(6)))
                    .as("the video moves")
                    .isGreaterThan(100);
        }
    }

    private static int different(IndexedImage a, IndexedImage b) {
        assertThat(a.size()).isEqualTo(b.size());
        int count = 0;
        for (int i = 0; i < a.samples().length; i++) {
            count += a.samples()[i] == b.samples()[i] ? 0 : 1;
        }
        return count;
    }

    @Test
    void regionsContoursAndWhatIsSaidOfThem() throws Exception {
        try (Golden golden = new Golden("video");
                NDArray region = golden.tensor("region");
                NDArray contour = golden.tensor("contour");
                NDArray statistics = golden.tensor("statistics")) {
            List<IndexedImage> truth = images(golden, "truth");
            List<IndexedImage> found = images(golden, "found");
            int frames = truth.size();
            double[][] scores = new double[4][frames];
            for (int object = 1; object <= 2; object++) {
                for (int i = 0; i < frames; i++) {
                    Mask expected = ObjectScore.mask(truth.get(i), object);
                    Mask actual = ObjectScore.mask(found.get(i), object);
                    scores[object - 1][i] = expected.iou(actual);
                    scores[object + 1][i] = ContourAccuracy.of(expected, actual);
                }
            }
            float[] regions = region.toFloatArray();
            float[] contours = contour.toFloatArray();
            float[] said = statistics.toFloatArray();
            for (int i = 0; i < 4; i++) {
                for (int frame = 0; frame < frames; frame++) {
                    float expected = (i < 2 ? regions : contours)[i % 2 * frames + frame];
                    assertThat(scores[i][frame]).as("%d, frame %d", i, frame).isCloseTo(expected, offset(1e-6));
                }
                FrameStatistics of = FrameStatistics.of(scores[i]);
                assertThat(new double[] {of.mean(), of.recall(), of.decay()})
                        .containsExactly(new double[] {said[3 * i], said[3 * i + 1], said[3 * i + 2]}, offset(1e-6));
            }
        }
    }
}
