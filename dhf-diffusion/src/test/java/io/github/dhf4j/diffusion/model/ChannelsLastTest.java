package io.github.dhf4j.diffusion.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.SafeTensors;
import io.github.dhf4j.tensor.Devices;
import io.github.dhf4j.tensor.ScriptModule;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Convolutions laid out as a GPU's tensor cores want them, on the CPU by the same code. */
class ChannelsLastTest {
    private static final ScriptModule SCRIPT = ScriptModule.load(ChannelsLastTest.class, "layout.py");

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
    @CsvSource({
        "sd15, FLOAT32, 2e-5",
        "sd21, FLOAT32, 2e-5",
        "sdxl, FLOAT32, 2e-5",
        "sd15, FLOAT16, 3e-2",
        "sdxl, FLOAT16, 3e-2"
    })
    void everyFeatureAndTheOutputAreThoseOfTheUsualLayout(String fixture, DataType type, double tolerance)
            throws IOException {
        Map<String, NDArray> usual = call(fixture, type, false);
        Map<String, NDArray> last = call(fixture, type, true);
        assertThat(last.keySet()).isEqualTo(usual.keySet()).hasSizeGreaterThan(6);
        usual.forEach(
                (name, expected) -> Golden.assertClose(name, last.getOrDefault(name, expected), expected, tolerance));
        assertThat(usual.values()).noneMatch(map -> SCRIPT.test("lies_channels_last", map));
        assertThat(last.values()).allMatch(map -> SCRIPT.test("lies_channels_last", map));
    }

    @Test
    void halfTypesLieChannelsLastOnAGpuAndNothingDoesElsewhere() {
        for (DataType type : new DataType[] {DataType.FLOAT32, DataType.FLOAT16, DataType.BFLOAT16}) {
            assertThat(Devices.channelsLast(Device.gpu(), type)).isEqualTo(type != DataType.FLOAT32);
            assertThat(Devices.channelsLast(Device.cpu(), type)).isFalse();
            assertThat(Devices.packsWeights(Device.gpu(), type)).isFalse();
            assertThat(Devices.largePicturesChannelsLast(Device.gpu(), type)).isEqualTo(type != DataType.FLOAT32);
            assertThat(Devices.largePicturesChannelsLast(Device.cpu(), type)).isEqualTo(type != DataType.FLOAT16);
        }
    }

    /** The maps of a call at a size that no weight was laid out for, and its output. */
    private Map<String, NDArray> call(String fixture, DataType type, boolean channelsLast) throws IOException {
        Path folder = Golden.fixtures().resolve(fixture).resolve("pipeline/unet");
        Map<String, NDArray> found = new LinkedHashMap<>();
        UNet2DConditionConfig config =
                UNet2DConditionConfig.read(Json.readObject(folder.resolve("config.json")), fixture);
        try (SafeTensors file = SafeTensors.open(folder.resolve("diffusion_pytorch_model.safetensors"));
                UNet2DConditionModel unet = new UNet2DConditionModel(config, file)) {
            unet.loadUnpacked(manager, type, channelsLast);
            unet.pack(1, 16, 24);
            try (TextConditioning told = unet.condition(conditions(config))) {
                FeatureTaps taps = new FeatureTaps() {
                    @Override
                    public boolean wants(int layer) {
                        return true;
                    }

                    @Override
                    public void tap(int layer, NDArray feature) {
                        NDArray kept = feature.duplicate();
                        kept.attach(manager);
                        found.put("layer " + layer, kept);
                    }
                };
                NDArray output = unet.forward(numbers(2, config.inChannels(), 16, 24), 501, told, taps, true);
                assertThat(output).isNotNull();
                found.put("output", output);
            }
        }
        return found;
    }

    private Conditions conditions(UNet2DConditionConfig config) {
        NDArray text = numbers(1, 7, config.crossAttentionDim());
        TextTime textTime = config.textTime();
        return new Conditions(
                text,
                textTime == null
                        ? null
                        : new Conditions.Added(
                                numbers(1, textTime.inputWidth() - 6 * textTime.timeWidth()), numbers(1, 6)),
                null);
    }

    private NDArray numbers(long... shape) {
        Shape all = new Shape(shape);
        float[] values = new float[(int) all.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(1 + 7.3 * i);
        }
        return manager.create(values, all);
    }
}
