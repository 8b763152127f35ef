package io.github.dhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import org.junit.jupiter.api.Test;

class TorchRuntimeTest {
    @Test
    void whatIsKeptInFloat32KeepsItsFingerprint() {
        assertThat(TorchRuntime.cpu().fingerprint("abc")).isEqualTo("abc");
        assertThat(new TorchRuntime(Device.cpu(), DataType.BFLOAT16).fingerprint("abc"))
                .isEqualTo("abc-bfloat16");
        assertThat(new TorchRuntime(Device.cpu(), DataType.FLOAT16).fingerprint("abc"))
                .isEqualTo("abc-float16");
    }

    @Test
    void typesThatNetworksDoNotRunInAreRefused() {
        assertThatThrownBy(() -> new TorchRuntime(Device.cpu(), DataType.INT32))
                .hasMessageContaining("dtype must be one of")
                .hasMessageContaining("got int32");
    }

    @Test
    void aDeviceThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> TorchRuntime.of(Device.gpu(99)).newManager())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("device must be one that the engine has");
        try (NDManager manager = TorchRuntime.cpu().newManager()) {
            assertThat(manager.getDevice()).isEqualTo(Device.cpu());
        }
    }
}
