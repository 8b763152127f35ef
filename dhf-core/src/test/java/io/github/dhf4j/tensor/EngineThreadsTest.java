package io.github.dhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.JniUtils;
import org.junit.jupiter.api.Test;

class EngineThreadsTest {
    @Test
    void whatIsSetIsWhatTheEngineUses() {
        int before = EngineThreads.count();
        try {
            EngineThreads.set(1);
            assertThat(EngineThreads.count()).isEqualTo(1);
            assertThat(JniUtils.getNumThreads()).isEqualTo(1);
            int cores = Runtime.getRuntime().availableProcessors();
            for (int wrong : new int[] {0, -1, cores + 1}) {
                assertThatThrownBy(() -> EngineThreads.set(wrong))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("threads must be 1 to " + cores + ", the cores of this machine, got " + wrong);
            }
        } finally {
            EngineThreads.set(before);
        }
    }

    @Test
    void theTypeOfACpuIsMeasuredOnceAndThenKnown() {
        DtypeChoice first = DtypeChoice.of(Device.cpu());
        assertThat(first.gain()).isPositive().isFinite();
        System.out.println("dtype auto: " + first);
        assertThat(first.dtype()).isEqualTo(first.gain() >= 1.25 ? DataType.BFLOAT16 : DataType.FLOAT32);
        assertThat(DtypeChoice.of(Device.cpu())).isEqualTo(first);
        assertThat(first.toString()).contains("times as fast");
        assertThat(DtypeChoice.of(Device.gpu()).dtype()).isEqualTo(DataType.FLOAT16);
    }
}
