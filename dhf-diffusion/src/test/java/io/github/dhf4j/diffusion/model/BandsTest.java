package io.github.dhf4j.diffusion.model;

import static io.github.dhf4j.diffusion.model.DiffusionOps.SCRIPT;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.tensor.TensorList;
import io.github.dhf4j.testing.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is too large for the allocator goes through the autoencoder in bands of rows, channels last. */
class BandsTest {
    private static final ScriptModule LAYOUT = ScriptModule.load(ChannelsLastTest.class, "layout.py");
    private static final int GROUPS = 4;

    private final Random random = new Random(5);
    private NDManager manager;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 16, 16, 811, 648", "2, 16, 24, 701, 392"})
    void aResidualBlockInBandsIsTheBlockInOne(int batch, int in, int out, int height, int width) {
        NDArray x = numbers(3, batch, in, height, width).add(0.5f);
        List<NDArray> weights = new ArrayList<>(List.of(numbers(1, in), numbers(1, in)));
        weights.addAll(List.of(numbers(0.1f, out, in, 3, 3), numbers(1, out), numbers(1, out), numbers(1, out)));
        weights.addAll(List.of(numbers(0.1f, out, out, 3, 3), numbers(1, out)));
        if (in != out) {
            weights.addAll(List.of(numbers(0.1f, out, in, 1, 1), numbers(1, out)));
        }
        NDArray scratch = manager.create(new Shape((long) batch * out * height * width));
        try (TensorList list = TensorList.of(weights.toArray(new NDArray[0]))) {
            NDArray whole = SCRIPT.run(manager, "resnet_plain", x, scratch, list, GROUPS, 1e-6);
            NDArray last = LAYOUT.run(manager, "channels_last", x);
            assertThat(SCRIPT.test("is_too_large", last)).isTrue();
            assertThat(SCRIPT.test("is_too_large", x)).isFalse();
            NDArray bands = SCRIPT.run(manager, "resnet_plain", last, scratch, list, GROUPS, 1e-6);
            Golden.assertClose("bands", bands, whole, 2e-5);
            assertThat(LAYOUT.test("lies_channels_last", bands)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 16, 811, 648", "2, 16, 704, 392", "1, 16, 1027, 513"})
    void aPictureIsHalvedInBandsAsInOne(int batch, int channels, int height, int width) {
        NDArray x = numbers(1, batch, channels, height, width);
        try (TensorList list = TensorList.of(numbers(0.1f, channels, channels, 3, 3), numbers(1, channels))) {
            NDArray whole = SCRIPT.run(manager, "downsample", x, list, 0);
            NDArray last = LAYOUT.run(manager, "channels_last", x);
            assertThat(SCRIPT.test("is_too_large", last)).isTrue();
            Golden.assertClose("bands", SCRIPT.run(manager, "downsample", last, list, 0), whole, 1e-6);
        }
    }

    private NDArray numbers(float scale, long... shape) {
        float[] values = new float[Math.toIntExact(new Shape(shape).size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = scale * (float) random.nextGaussian();
        }
        return manager.create(values, new Shape(shape));
    }
}
