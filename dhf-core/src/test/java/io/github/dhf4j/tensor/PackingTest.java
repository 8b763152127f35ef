package io.github.dhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packed layers against the plain ones, which engines without oneDNN have. */
class PackingTest {
    private static final ScriptModule SCRIPT =
            ScriptModule.load(PackingTest.class, "layers.py").withLayers();
    private static final ScriptModule PLAIN =
            ScriptModule.load(PackingTest.class, "layers.py").withPlainLayers();

    private final Random random = new Random(3);
    private NDManager manager;
    private Weights weights;
    private Parameters parameters;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        weights = Weights.withoutFile();
        parameters = weights.under("").conv("conv", 5, 3, 3).linear("linear", 40, 24);
        weights.use(Map.of(
                "conv.weight", numbers(5, 3, 3, 3),
                "conv.bias", numbers(5),
                "linear.weight", numbers(40, 24),
                "linear.bias", numbers(40)));
    }

    @AfterEach
    void close() {
        weights.close();
        manager.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 9, 7", "2, 20, 31"})
    void aPackedConvolutionIsThePlainOneAtItsSizeAndAtOthers(int batch, int height, int width) {
        NDArray x = numbers(batch, 3, height, width);
        NDArray expected = PLAIN.run(manager, "convolved", x, parameters.tensors());
        new Packing(1).convolutions(parameters, 1, 1, 9, 7);
        assertClose(SCRIPT.run(manager, "convolved", x, parameters.tensors()), expected);
        assertThat(SCRIPT.test("is_packed", parameters.tensors(), 0)).isEqualTo(Packing.isPossible());
    }

    @ParameterizedTest
    @CsvSource({"1, 63", "3, 200"})
    void aPackedLinearLayerIsThePlainOneAtItsSizeAndAtOthers(int batch, int tokens) {
        NDArray x = numbers(batch, tokens, 24);
        NDArray expected = PLAIN.run(manager, "projected", x, parameters.tensors());
        new Packing(1).linears(parameters, new long[] {2}, 63);
        assertClose(SCRIPT.run(manager, "projected", x, parameters.tensors()), expected);
        assertThat(SCRIPT.test("is_packed", parameters.tensors(), 2)).isEqualTo(Packing.isPossible());
        assertThat(SCRIPT.test("is_packed", parameters.tensors(), 0)).isFalse();
    }

    @Test
    void attentionInBlocksIsTheFusedOne() {
        NDArray q = numbers(2, 3, 70, 8);
        NDArray k = numbers(2, 3, 50, 8);
        NDArray v = numbers(2, 3, 50, 8);
        assertClose(
                SCRIPT.run(manager, "attend_by_blocks", q, k, v, 32), SCRIPT.run(manager, "attend", q, k, v, false));
    }

    private static void assertClose(NDArray found, NDArray expected) {
        assertThat(found.getShape()).isEqualTo(expected.getShape());
        float[] all = expected.toFloatArray();
        float[] got = found.toFloatArray();
        for (int i = 0; i < all.length; i++) {
            assertThat(got[i]).isCloseTo(all[i], within(3e-5f));
        }
    }

    private NDArray numbers(long... shape) {
        float[] values = new float[Math.toIntExact(new Shape(shape).size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, new Shape(shape));
    }
}
