package io.github.dhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.io.SafeTensorsWriter;
import io.github.dhf4j.io.TensorFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights of each stored type, loaded in each type that networks run in. */
class WeightTypesTest {
    private static final ScriptModule SCRIPT = ScriptModule.load(WeightTypesTest.class, "types.py");

    /** 1, -2.5 and pi, as near as bfloat16 comes to it: its bits are the upper half of float32's. */
    private static final float[] VALUES = {1, -2.5f, 3.140625f};

    @TempDir
    private Path folder;

    private Path file(String type, float... values) throws IOException {
        int width = type.equals("F32") ? 4 : 2;
        ByteBuffer data = ByteBuffer.allocate(width * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (type) {
                case "F32" -> data.putFloat(value);
                case "F16" -> data.putShort(half(value));
                case "BF16" -> data.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
                default -> throw new IllegalArgumentException(type);
            }
        }
        byte[] header = ("{\"w\":{\"dtype\":\"" + type + "\",\"shape\":[" + values.length + "],\"data_offsets\":[0,"
                        + data.capacity() + "]}}")
                .getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array());
        out.write(header);
        out.write(data.array());
        return Files.write(folder.resolve("weights.safetensors"), out.toByteArray());
    }

    /** The bits of float16, which has room for these values: no fraction is cut. */
    private static short half(float value) {
        int bits = Float.floatToRawIntBits(value);
        int exponent = ((bits >>> 23) & 0xff) - 127 + 15;
        return (short) (((bits >>> 16) & 0x8000) | (exponent << 10) | ((bits >>> 13) & 0x3ff));
    }

    @ParameterizedTest
    @CsvSource({
        "F32, FLOAT32",
        "F32, FLOAT16",
        "F32, BFLOAT16",
        "BF16, FLOAT32",
        "BF16, FLOAT16",
        "BF16, BFLOAT16",
        "F16, FLOAT32",
        "F16, FLOAT16",
        "F16, BFLOAT16"
    })
    void everyTypeIsLoadedAsTheTypeThatIsAskedFor(String stored, DataType type) throws IOException {
        try (TensorFile file = TensorFile.open(file(stored, VALUES));
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                Weights weights = new Weights(file)) {
            Parameters parameters = weights.under("").tensor("w", VALUES.length);
            weights.load(manager, type);
            NDArray loaded = parameters.tensors().toArrays(manager)[0];
            assertThat(SCRIPT.test("is_of", loaded, ScalarTypes.code(type))).isTrue();
            assertThat(SCRIPT.run(manager, "wide", loaded).toFloatArray()).containsExactly(VALUES);
        }
    }

    @Test
    void weightsBeyondFloat16AreNotTakenForDamage() throws IOException {
        try (TensorFile file = TensorFile.open(file("BF16", 1, 1e6f));
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                Weights weights = new Weights(file)) {
            weights.under("").tensor("w", 2);
            assertThatThrownBy(() -> weights.load(manager, DataType.FLOAT16))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("got NaN or infinity in 'w'")
                    .hasMessageEndingWith("if they are beyond float16, run in bfloat16 or float32");
        }
    }

    @Test
    void theTensorThatIsNotFiniteIsNamedAmongOthersOfItsBlock() throws IOException {
        Path path = folder.resolve("three.safetensors");
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            new SafeTensorsWriter()
                    .tensor("a", manager.create(VALUES))
                    .tensor("b", manager.create(new float[] {1, Float.NaN}))
                    .tensor("c", manager.create(VALUES))
                    .write(path);
            try (TensorFile file = TensorFile.open(path);
                    Weights weights = new Weights(file)) {
                weights.under("").tensor("a", 3).tensor("b", 2).tensor("c", 3);
                assertThatThrownBy(() -> weights.load(manager, DataType.FLOAT32))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("got NaN or infinity in 'b'")
                        .hasMessageEndingWith("the file is damaged");
            }
        }
    }
}
