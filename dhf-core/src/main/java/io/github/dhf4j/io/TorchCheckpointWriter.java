package io.github.dhf4j.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a checkpoint that {@code torch.load} reads, with {@code weights_only=True} too: a zip of stored entries with a
 * pickle of protocol 2. Whole or not at all.
 */
public final class TorchCheckpointWriter {
    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    private final List<NDArray> tensors = new ArrayList<>();

    private TorchCheckpointWriter() {}

    /**
     * Writes a dictionary.
     *
     * @param root maps with string keys, lists, strings, whole numbers, doubles, truth values, null, and float32 arrays,
     *     which are borrowed
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(Map<String, ?> root, Path path) throws IOException {
        TorchCheckpointWriter writer = new TorchCheckpointWriter();
        writer.bytes(0x80, 2);
        writer.value(root);
        writer.bytes('.');
        AtomicFiles.write(path, temporary -> {
            try (OutputStream out = Files.newOutputStream(temporary);
                    ZipOutputStream zip = new ZipOutputStream(out)) {
                StoredZip.add(zip, "archive/data.pkl", writer.pickle.toByteArray());
                StoredZip.add(zip, "archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
                for (int i = 0; i < writer.tensors.size(); i++) {
                    StoredZip.add(zip, "archive/data/" + i, data(writer.tensors.get(i)));
                }
                StoredZip.add(zip, "archive/version", "3\n".getBytes(StandardCharsets.US_ASCII));
            }
        });
    }

    private void value(@Nullable Object value) {
        if (value == null) {
            bytes('N');
        } else if (value instanceof Map<?, ?> map) {
            bytes('}', '(');
            map.forEach((key, item) -> {
                value(String.valueOf(key));
                value(item);
            });
            bytes('u');
        } else if (value instanceof List<?> list) {
            bytes(']', '(');
            list.forEach(this::value);
            bytes('e');
        } else if (value instanceof String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            bytes('X');
            pickle.writeBytes(little(4).putInt(utf8.length).array());
            pickle.writeBytes(utf8);
        } else if (value instanceof Boolean flag) {
            bytes(flag ? 0x88 : 0x89);
        } else if (value instanceof Long || value instanceof Integer) {
            integer(((Number) value).longValue());
        } else if (value instanceof Double number) {
            bytes('G');
            pickle.writeBytes(ByteBuffer.allocate(8).putDouble(number).array());
        } else if (value instanceof NDArray array && array.getDataType() == DataType.FLOAT32) {
            tensor(array);
        } else {
            throw new IllegalArgumentException(
                    "checkpoint must hold maps, lists, texts, numbers, flags and float32 arrays, got "
                            + value.getClass());
        }
    }

    private void integer(long number) {
        if (number == (int) number) {
            bytes('J');
            pickle.writeBytes(little(4).putInt((int) number).array());
        } else {
            bytes(0x8a, 8);
            pickle.writeBytes(little(8).putLong(number).array());
        }
    }

    /** _rebuild_tensor_v2(storage, offset 0, size, stride, requires_grad False, no hooks). */
    private void tensor(NDArray array) {
        long[] shape = array.getShape().getShape();
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape[i];
        }
        global("torch._utils", "_rebuild_tensor_v2");
        bytes('(', '(');
        value("storage");
        global("torch", "FloatStorage");
        value(String.valueOf(tensors.size()));
        value("cpu");
        integer(array.size());
        bytes('t', 'Q');
        integer(0);
        tuple(shape);
        tuple(strides);
        bytes(0x89);
        global("collections", "OrderedDict");
        bytes(')', 'R', 't', 'R');
        tensors.add(array);
    }

    private void tuple(long[] numbers) {
        bytes('(');
        for (long number : numbers) {
            integer(number);
        }
        bytes('t');
    }

    private void global(String module, String name) {
        bytes('c');
        pickle.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void bytes(int... values) {
        for (int value : values) {
            pickle.write(value);
        }
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] data(NDArray array) {
        ByteBuffer buffer = HostTensors.bytes(array);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
