package io.github.dhf4j.io;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form of {@code torch.save} before torch 1.6: five pickles (a magic number, a version, the machine, the object, the
 * list of storages) and then, storage by storage, a count of elements and their raw data.
 *
 * @param root the object, plain
 * @param ranges where each storage's data are
 */
record LegacyTorchFile(@Nullable Object root, Map<String, TorchCheckpoint.Range> ranges) {
    /** How such a file begins: a pickle of protocol 2 of the number 0x1950a86a20f9469cfc6c. */
    static final byte[] MAGIC = {
        (byte) 0x80,
        2,
        (byte) 0x8a,
        10,
        0x6c,
        (byte) 0xfc,
        (byte) 0x9c,
        0x46,
        (byte) 0xf9,
        0x20,
        0x6a,
        (byte) 0xa8,
        0x50,
        0x19,
        '.'
    };

    private static final int MAX_PICKLE_BYTES = 64_000_000;

    static LegacyTorchFile read(Path path) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(MAX_PICKLE_BYTES);
        }
        if (!java.util.Arrays.equals(bytes, 0, Math.min(bytes.length, MAGIC.length), MAGIC, 0, MAGIC.length)) {
            throw TorchCheckpoint.bad(path, "file must begin as torch.save begins it", "other bytes");
        }
        ByteArrayInputStream stream = new ByteArrayInputStream(bytes);
        try {
            RestrictedUnpickler.loadNext(stream);
            Object version = RestrictedUnpickler.loadNext(stream);
            Object machine = RestrictedUnpickler.plain(RestrictedUnpickler.loadNext(stream));
            if (!Integer.valueOf(1001).equals(version)
                    || !(machine instanceof Map<?, ?> map)
                    || !Boolean.TRUE.equals(map.get("little_endian"))) {
                throw TorchCheckpoint.bad(
                        path,
                        "file must be of version 1001 and little-endian",
                        Texts.shown(version) + ", " + Texts.shown(machine));
            }
            Object loaded = RestrictedUnpickler.loadNext(stream);
            Object keys = RestrictedUnpickler.loadNext(stream);
            if (!(keys instanceof List<?> list)) {
                throw TorchCheckpoint.bad(path, "the fifth pickle must be the list of storages", "another");
            }
            Object root = RestrictedUnpickler.plain(loaded);
            Map<String, TensorType> types = new HashMap<>();
            collect(root, types);
            return new LegacyTorchFile(root, ranges(path, bytes.length - stream.available(), list, types));
        } catch (IOException e) {
            throw String.valueOf(e.getMessage()).contains(path.toString()) ? e : TorchCheckpoint.refused(path, e);
        }
    }

    private static void collect(@Nullable Object value, Map<String, TensorType> types) {
        if (value instanceof Map<?, ?> map) {
            map.values().forEach(item -> collect(item, types));
        } else if (value instanceof List<?> list) {
            list.forEach(item -> collect(item, types));
        } else if (value instanceof RestrictedUnpickler.TensorView view) {
            types.put(view.storage().key(), view.storage().type());
        }
    }

    private static Map<String, TorchCheckpoint.Range> ranges(
            Path path, long begin, List<?> keys, Map<String, TensorType> types) throws IOException {
        Map<String, TorchCheckpoint.Range> ranges = new HashMap<>();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long at = begin;
            for (Object key : keys) {
                String shown = Texts.shown(key);
                TensorType type = key instanceof String ? types.get(key) : null;
                if (type == null) {
                    throw TorchCheckpoint.bad(path, "every storage must be of a tensor", "storage " + shown);
                }
                ByteBuffer count = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
                while (count.hasRemaining()) {
                    if (channel.read(count, at + count.position()) < 0) {
                        throw TorchCheckpoint.bad(
                                path, "file must hold storage " + shown, "its end at " + channel.size() + " bytes");
                    }
                }
                long elements = count.flip().getLong();
                if (elements < 0 || elements > channel.size() / type.bytes()) {
                    throw TorchCheckpoint.bad(path, "storage " + shown + " must fit the file", elements + " elements");
                }
                ranges.put((String) key, new TorchCheckpoint.Range(at + 8, elements * type.bytes()));
                at += 8 + elements * type.bytes();
            }
        }
        return ranges;
    }

    TorchCheckpoint.@Nullable Range find(RestrictedUnpickler.Storage storage) {
        return ranges.get(storage.key());
    }
}
