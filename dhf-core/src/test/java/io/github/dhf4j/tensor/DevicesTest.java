package io.github.dhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is chosen for a device, on a machine that need not have it. */
class DevicesTest {
    @Test
    void devicesHaveTheNamesOfTheCommandLine() {
        assertThat(Devices.named("cpu")).contains(Device.cpu());
        assertThat(Devices.named("gpu")).contains(Device.gpu(0));
        assertThat(Devices.named("gpu:1")).contains(Device.gpu(1));
        assertThat(Devices.named("mps")).map(Device::getDeviceType).contains("mps");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cuda", "GPU", "gpu:", "gpu:-1", "gpu:1000", "cpu:0"})
    void otherNamesAreNone(String name) {
        assertThat(Devices.named(name)).isEmpty();
    }

    @Test
    void guidanceIsOneCallOnAGpuAndTwoElsewhere() {
        assertThat(Devices.guidesInOneCall(Device.gpu())).isTrue();
        assertThat(Devices.guidesInOneCall(Device.cpu())).isFalse();
    }

    @Test
    void aGpuRunsInFloat16ACpuIsMeasuredAndOthersKeepFloat32() {
        assertThat(Devices.fastestType(Device.gpu(1))).contains(DataType.FLOAT16);
        assertThat(Devices.fastestType(Device.cpu())).isEmpty();
        assertThat(Devices.fastestType(Device.of("mps", -1))).contains(DataType.FLOAT32);
    }

    @Test
    void onlyACpuLaysWeightsOutForASize() {
        assertThat(Devices.packsWeights(Device.cpu(), DataType.FLOAT32)).isTrue();
        assertThat(Devices.packsWeights(Device.cpu(), DataType.BFLOAT16)).isTrue();
        assertThat(Devices.packsWeights(Device.cpu(), DataType.FLOAT16)).isFalse();
        assertThat(Devices.packsWeights(Device.gpu(), DataType.FLOAT32)).isFalse();
        assertThat(Devices.packsWeights(Device.of("mps", -1), DataType.FLOAT32)).isFalse();
    }
}
