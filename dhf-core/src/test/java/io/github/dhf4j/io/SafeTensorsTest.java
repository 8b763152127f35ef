package io.github.dhf4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        manager.close();
    }

    private Path file(long headerLength, String header, int dataBytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(headerLength)
                .array());
        out.write(header.getBytes(StandardCharsets.UTF_8));
        out.write(new byte[dataBytes]);
        return Files.write(folder.resolve("file.safetensors"), out.toByteArray());
    }

    private Path file(String header, int dataBytes) throws IOException {
        return file(header.getBytes(StandardCharsets.UTF_8).length, header, dataBytes);
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path path = folder.resolve("a.safetensors");
        NDArray floats = manager.create(new float[] {1, -2, 3.5f, 4, 5, 6}, new Shape(2, 3));
        NDArray halves = floats.toType(DataType.FLOAT16, true);
        NDArray ids = manager.create(new long[] {7, 8});
        new SafeTensorsWriter()
                .tensor("a.weight", floats)
                .tensor("b", halves)
                .tensor("ids", ids)
                .metadata("config", "{\"x\": 1}")
                .write(path);
        try (TensorFile file = TensorFile.open(path)) {
            assertThat(file.metadata()).containsEntry("config", "{\"x\": 1}");
            assertThat(file.tensors().keySet()).containsExactly("a.weight", "b", "ids");
            assertThat(file.read("a.weight", manager, DataType.FLOAT32)).isEqualTo(floats);
            NDArray widened = file.read("b", manager, DataType.FLOAT32);
            assertThat(widened.getDataType()).isEqualTo(DataType.FLOAT32);
            assertThat(widened).isEqualTo(floats);
            assertThat(file.read("ids", manager, DataType.FLOAT32).toLongArray())
                    .containsExactly(7, 8);
            assertThatThrownBy(() -> file.read("c", manager, DataType.FLOAT32))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("'c'")
                    .hasMessageContaining("a.weight, b, ids");
        }
        assertThatThrownBy(() ->
                        new SafeTensorsWriter().tensor("x", floats).write(folder.resolve("no/such/folder.safetensors")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("folder of the output file must exist");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void aTextIsSetAndAllElseStaysAsItWas() throws IOException {
        Path path = folder.resolve("a.safetensors");
        NDArray halves = manager.create(new float[] {1, -2, 3.5f}).toType(DataType.FLOAT16, true);
        new SafeTensorsWriter().tensor("b", halves).metadata("kept", "\u00e4").write(path);
        byte[] before = Files.readAllBytes(path);
        SafeTensorsWriter.setMetadata(path, "confidence", "{\"right\":[1.5]}");
        byte[] after = Files.readAllBytes(path);
        assertThat(Arrays.copyOfRange(after, after.length - 6, after.length))
                .isEqualTo(Arrays.copyOfRange(before, before.length - 6, before.length));
        try (TensorFile file = TensorFile.open(path)) {
            assertThat(file.metadata()).hasSize(2).containsEntry("kept", "\u00e4");
            assertThat(file.metadata()).containsEntry("confidence", "{\"right\":[1.5]}");
            assertThat(file.tensors().keySet()).containsExactly("b");
        }
        SafeTensorsWriter.setMetadata(path, "confidence", "{}");
        try (TensorFile file = TensorFile.open(path)) {
            assertThat(file.metadata()).containsEntry("confidence", "{}");
        }
    }

    @Test
    void aTextIsSetInNoDamagedFile() throws IOException {
        Path path = file("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4);
        byte[] before = Files.readAllBytes(path);
        assertThatThrownBy(() -> SafeTensorsWriter.setMetadata(path, "a", "b")).isInstanceOf(IOException.class);
        assertThat(path).hasBinaryContent(before);
    }

    @Test
    void brainFloatsAreWidened() throws IOException {
        Path path = file("{\"x\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[0,6]}}", 6);
        byte[] bytes = Files.readAllBytes(path);
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(bytes.length - 6);
        for (float value : new float[] {1.5f, -256f, 0.0078125f}) {
            data.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        }
        Files.write(path, bytes);
        try (TensorFile file = TensorFile.open(path)) {
            assertThat(file.read("x", manager, DataType.FLOAT32).toFloatArray())
                    .containsExactly(1.5f, -256f, 0.0078125f);
        }
    }

    @Test
    void tensorsOutliveTheFile() throws IOException {
        Path path = folder.resolve("a.safetensors");
        new SafeTensorsWriter().tensor("a", manager.ones(new Shape(1000))).write(path);
        NDArray read;
        SafeTensors file = SafeTensors.open(path);
        read = file.read("a", manager, DataType.FLOAT32);
        file.close();
        assertThat(read.sum().getFloat()).isEqualTo(1000f);
        assertThatThrownBy(() -> file.read("a", manager, DataType.FLOAT32)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}} | 12 | must lie within 12 data bytes",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,12]}} | 12 | must span 16",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[12,0]}} | 12 | must lie within",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[-12,0]}} | 12 | data_offsets",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[-3],\"data_offsets\":[0,12]}} | 12 | must hold dtype, shape and data_offsets",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,12]}} | 12 | must hold dtype, shape and data_offsets",
                "{\"x\":{\"dtype\":\"F99\",\"shape\":[3],\"data_offsets\":[0,12]}} | 12 | type of 'x' must be one of",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0]}} | 12 | must lie within",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[3]}} | 12 | must hold dtype, shape and data_offsets",
                "{\"x\":{\"shape\":[3],\"data_offsets\":[0,12]}} | 12 | type of 'x' must be one of",
                "{\"x\":[]} | 0 | must be an object",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]},\"y\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[8,20]}} | 20 | (they overlap)",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]},\"y\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[16,20]}} | 20 | (a gap)",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}} | 20 | must fill the file's 20 data bytes",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]},\"x\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}} | 12 | must be a JSON object",
                "[1] | 0 | must be a JSON object",
                "{\"x\": | 0 | must be a JSON object",
                "nonsense | 0 | must be a JSON object"
            })
    void lyingHeadersAreRefused(String header, int dataBytes, String message) throws IOException {
        Path path = file(header, dataBytes);
        assertThatThrownBy(() -> SafeTensors.open(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("file.safetensors");
    }

    @Test
    void lengthsOfHeadersAreBounded() throws IOException {
        for (long length : new long[] {0, 1, 99, 100_000_001, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            Path path = file(length, "{}", 0);
            assertThatThrownBy(() -> SafeTensors.open(path))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("header length must be 2 to 2");
        }
        Path deep = file("{\"x\":" + "[".repeat(200_000) + "]".repeat(200_000) + "}", 0);
        assertThatThrownBy(() -> SafeTensors.open(deep)).isInstanceOf(IOException.class);
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        assertThatThrownBy(() -> SafeTensors.open(empty))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("must not be empty");
        Path shortFile = Files.write(folder.resolve("short"), new byte[5]);
        assertThatThrownBy(() -> SafeTensors.open(shortFile))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("5 bytes");
        assertThatThrownBy(() -> SafeTensors.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a folder");
        assertThatThrownBy(() -> SafeTensors.open(folder.resolve("none")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no such file");
    }

    @Test
    void aTruncatedFileIsRefusedWhereverItIsCut() throws IOException {
        Path path = folder.resolve("whole.safetensors");
        new SafeTensorsWriter()
                .tensor("a", manager.ones(new Shape(100)))
                .tensor("b", manager.ones(new Shape(50)))
                .write(path);
        byte[] whole = Files.readAllBytes(path);
        for (int length : new int[] {1, 8, 9, 40, whole.length - 401, whole.length - 1}) {
            Path cut = Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> SafeTensors.open(cut))
                    .as("cut at %d", length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cut.safetensors");
        }
        Path cutLater = Files.write(folder.resolve("later.safetensors"), whole);
        try (SafeTensors file = SafeTensors.open(cutLater)) {
            Files.write(cutLater, Arrays.copyOf(whole, whole.length - 10));
            assertThatThrownBy(() -> file.read("b", manager, DataType.FLOAT32))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cut short");
        }
    }

    @Test
    void shards() throws IOException {
        new SafeTensorsWriter().tensor("a", manager.create(new float[] {1})).write(folder.resolve("m-1.safetensors"));
        new SafeTensorsWriter().tensor("b", manager.create(new float[] {2})).write(folder.resolve("m-2.safetensors"));
        Path index = folder.resolve("m.safetensors.index.json");
        Files.writeString(
                index, "{\"metadata\":{},\"weight_map\":{\"a\":\"m-1.safetensors\",\"b\":\"m-2.safetensors\"}}");
        try (ShardedTensors shards = ShardedTensors.open(index)) {
            assertThat(shards.tensors().keySet()).containsExactly("a", "b");
            assertThat(shards.read("b", manager, DataType.FLOAT32).getFloat(0)).isEqualTo(2f);
        }
        Files.writeString(index, "{\"weight_map\":{\"a\":\"m-1.safetensors\",\"b\":\"m-1.safetensors\"}}");
        assertThatThrownBy(() -> ShardedTensors.open(index))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'b'");
        Files.writeString(index, "{\"weight_map\":{\"a\":\"m-3.safetensors\"}}");
        assertThatThrownBy(() -> ShardedTensors.open(index))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("m-3.safetensors");
        Files.writeString(index, "{\"weight_map\":{\"a\":\"../m-1.safetensors\"}}");
        assertThatThrownBy(() -> ShardedTensors.open(index))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("beside the index");
        Files.writeString(index, "{}");
        assertThatThrownBy(() -> ShardedTensors.open(index))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("weight_map");
    }
}
