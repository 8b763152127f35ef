package io.github.dhf4j.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.Size;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellProductSumsTest {

    /** Channels and cells in whole groups and with a rest, on one thread and on several. */
    @ParameterizedTest
    @CsvSource({"3, 7, 5", "40, 90, 70", "130, 131, 128"})
    void sumsAreThoseOfPlainLoops(int queries, int channels, int side) {
        Random random = new Random(5);
        float[] values = numbers(random, channels * side * side);
        DescriptorMap map =
                new DescriptorMap(channels, Size.square(side), values, Size.square(side), Size.square(side));
        float[][] descriptors = new float[queries][];
        float[][] products = new float[queries][side * side];
        for (int i = 0; i < queries; i++) {
            descriptors[i] = numbers(random, channels);
            products[i][i] = 2;
        }

        CellProductSums.add(descriptors, map, products);

        for (int i = 0; i < queries; i++) {
            for (int p = 0; p < side * side; p += 1 + p % 97) {
                double expected = p == i ? 2 : 0;
                for (int c = 0; c < channels; c++) {
                    expected += (double) descriptors[i][c] * values[c * side * side + p];
                }
                assertThat((double) products[i][p]).isCloseTo(expected, Offset.offset(1e-5));
            }
        }
    }

    private static float[] numbers(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }
}
