package io.github.dhf4j.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a safetensors file, whole or not at all. Tensors are borrowed until {@link #write}. */
public final class SafeTensorsWriter {
    private static final String METADATA = "__metadata__";

    private final Map<String, NDArray> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    /** Creates an empty writer. */
    public SafeTensorsWriter() {}

    /**
     * Adds a tensor.
     *
     * @param name its name, once per file
     * @param tensor float32, float16, int64, int32 or uint8; borrowed, open until {@link #write} returns
     * @return this
     */
    public SafeTensorsWriter tensor(String name, NDArray tensor) {
        if (tensors.putIfAbsent(name, tensor) != null) {
            throw new IllegalArgumentException("tensor name must be new, got '" + name + "' twice");
        }
        return this;
    }

    /**
     * Adds a metadata text.
     *
     * @param key its key
     * @param value its text
     * @return this
     */
    public SafeTensorsWriter metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /**
     * Writes the file under a temporary name and moves it into place.
     *
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public void write(Path path) throws IOException {
        JsonObject header = new JsonObject();
        if (!metadata.isEmpty()) {
            JsonObject texts = new JsonObject();
            metadata.forEach(texts::addProperty);
            header.add(METADATA, texts);
        }
        long offset = 0;
        for (Map.Entry<String, NDArray> entry : tensors.entrySet()) {
            NDArray tensor = entry.getValue();
            TensorInfo info = new TensorInfo(
                    entry.getKey(),
                    typeOf(tensor.getDataType()),
                    tensor.getShape().getShape());
            JsonObject item = new JsonObject();
            item.addProperty("dtype", info.type().name());
            JsonArray shape = new JsonArray();
            Arrays.stream(info.dimensions()).forEach(shape::add);
            item.add("shape", shape);
            JsonArray range = new JsonArray();
            range.add(offset);
            offset += info.bytes();
            range.add(offset);
            item.add("data_offsets", range);
            header.add(entry.getKey(), item);
        }
        ByteBuffer head = head(header);
        AtomicFiles.write(path, temporary -> {
            try (FileChannel out =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                writeFully(out, head);
                for (NDArray tensor : tensors.values()) {
                    writeFully(out, HostTensors.bytes(tensor));
                }
                out.force(true);
            }
        });
    }

    /**
     * Sets one metadata text of a file that is there. All else stays as it is, the tensors byte by byte.
     *
     * @param path a safetensors file; replaced as a whole
     * @param key the text's key
     * @param value the text
     * @throws IOException if it is no safetensors file or cannot be written; it is left as it was
     */
    public static void setMetadata(Path path, String key, String value) throws IOException {
        SafeTensors.open(path).close(); // refuses what is damaged
        AtomicFiles.write(path, temporary -> {
            try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ);
                    FileChannel out =
                            FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                int length = Math.toIntExact(
                        readFully(in, 8).order(ByteOrder.LITTLE_ENDIAN).getLong());
                String text =
                        StandardCharsets.UTF_8.decode(readFully(in, length)).toString();
                JsonObject header = Json.parseObject(text, "header", path.toString());
                JsonObject texts = header.has(METADATA) ? header.getAsJsonObject(METADATA) : new JsonObject();
                texts.addProperty(key, value);
                header.add(METADATA, texts);
                writeFully(out, head(header));
                for (long at = in.position(); at < in.size(); ) {
                    at += in.transferTo(at, in.size() - at, out);
                }
                out.force(true);
            }
        });
    }

    private static ByteBuffer head(JsonObject header) {
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8;
        ByteBuffer head = ByteBuffer.allocate(8 + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .put(json);
        while (head.hasRemaining()) {
            head.put((byte) ' ');
        }
        return head.flip();
    }

    private static ByteBuffer readFully(FileChannel in, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && in.read(buffer) >= 0) {}
        return buffer.flip();
    }

    private static void writeFully(FileChannel out, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }

    private static TensorType typeOf(DataType type) {
        return switch (type) {
            case FLOAT32 -> TensorType.F32;
            case FLOAT16 -> TensorType.F16;
            case FLOAT64 -> TensorType.F64;
            case INT64 -> TensorType.I64;
            case INT32 -> TensorType.I32;
            case UINT8 -> TensorType.U8;
            default -> throw new IllegalArgumentException("tensor type must be writable, got " + type);
        };
    }
}
