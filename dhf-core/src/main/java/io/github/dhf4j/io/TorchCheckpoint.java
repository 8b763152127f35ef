package io.github.dhf4j.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint that {@code torch.save} wrote: a zip whose pickle names tensors and whose other entries are their data, or
 * the older form, pickles with the data behind them.
 * The pickle is read under a whitelist: nothing but tensors, numbers, strings, lists and dictionaries is ever built.
 * Entries must be stored uncompressed, as torch writes them, so no file can swell when read.
 *
 * <p>Tensors get dotted names by the dictionaries that lead to them: {@code aggregation_network.mixing_weights}.
 */
public final class TorchCheckpoint implements TensorFile {
    private static final long MAX_PICKLE_BYTES = 64_000_000;
    private static final int MAX_NAME = 1_000;
    private static final int MAX_ZIP_END = 0xffff + 22;
    private static final int ZIP_END = 0x06054b50;
    private static final int MAX_TENSORS = 100_000;

    private final Path path;
    private final MappedTensors data;
    private final Map<String, Object> root;
    private final Map<String, TensorInfo> tensors = new TreeMap<>();
    private final Map<String, Long> offsets = new HashMap<>();

    private TorchCheckpoint(Path path, MappedTensors data, Map<String, Object> root) {
        this.path = path;
        this.data = data;
        this.root = root;
    }

    /** Whether a file's first bytes are those of a zip or of torch's older form. */
    static boolean isOne(Path path) throws IOException {
        FileBytes.lengthOf(path);
        try (InputStream in = Files.newInputStream(path)) {
            byte[] magic = in.readNBytes(LegacyTorchFile.MAGIC.length);
            return isZip(magic) || Arrays.equals(magic, LegacyTorchFile.MAGIC);
        }
    }

    private static boolean isZip(byte[] magic) {
        return magic.length >= 4 && magic[0] == 'P' && magic[1] == 'K' && magic[2] == 3 && magic[3] == 4;
    }

    /** Where the data of storages are. */
    @FunctionalInterface
    interface Storages {
        /** A range of the file in bytes, or null where the storage is not in it. */
        @Nullable
        Range find(RestrictedUnpickler.Storage storage) throws IOException;
    }

    /** Bytes of a file. */
    record Range(long offset, long length) {}

    /**
     * Opens a checkpoint and reads its pickle.
     *
     * @param path a {@code .pt}, {@code .pth} or {@code .bin} file, in torch's zip form (torch 1.6 and later) or the older one
     * @return the open file; the caller closes it
     * @throws IOException if it is no such file, holds what is not on the whitelist, or its sizes do not fit
     */
    public static TorchCheckpoint open(Path path) throws IOException {
        FileBytes.lengthOf(path);
        FileSignature.refuse(path, "file must be safetensors or a torch checkpoint");
        try (InputStream in = Files.newInputStream(path)) {
            if (!isZip(in.readNBytes(4))) {
                LegacyTorchFile legacy = LegacyTorchFile.read(path);
                return of(path, legacy.root(), legacy::find);
            }
        }
        return openZip(path);
    }

    private static TorchCheckpoint openZip(Path path) throws IOException {
        requireEnd(path);
        // a channel of our own: the library leaves its own open where the zip's end is damaged
        try (SeekableByteChannel channel = Files.newByteChannel(path);
                ZipFile zip = ZipFile.builder().setSeekableByteChannel(channel).get()) {
            ZipArchiveEntry pickle = null;
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                if (entry.getMethod() != ZipEntry.STORED) {
                    throw bad(
                            path,
                            "zip entries must be stored uncompressed",
                            "'" + Texts.shown(entry.getName()) + "' compressed");
                }
                if (entry.getName().endsWith("/data.pkl") && pickle == null) {
                    pickle = entry;
                }
            }
            if (pickle == null) {
                throw bad(path, "checkpoint must hold a data.pkl", "a zip without one");
            }
            if (pickle.getSize() > MAX_PICKLE_BYTES) {
                throw bad(
                        path, "data.pkl must be below " + Texts.bytes(MAX_PICKLE_BYTES), Texts.bytes(pickle.getSize()));
            }
            String folder = pickle.getName().substring(0, pickle.getName().length() - "data.pkl".length());
            ZipArchiveEntry order = zip.getEntry(folder + "byteorder");
            if (order != null) {
                try (InputStream in = zip.getInputStream(order)) {
                    String text = new String(in.readNBytes(100), StandardCharsets.US_ASCII);
                    if (!text.strip().equals("little")) {
                        throw bad(path, "byte order must be little", Texts.shown(text.strip()));
                    }
                }
            }
            byte[] bytes;
            try (InputStream in = zip.getInputStream(pickle)) {
                bytes = in.readNBytes((int) MAX_PICKLE_BYTES);
            }
            return of(path, plain(bytes, path), storage -> {
                ZipArchiveEntry entry = zip.getEntry(folder + "data/" + storage.key());
                return entry == null ? null : new Range(entry.getDataOffset(), entry.getSize());
            });
        } catch (IOException | IllegalArgumentException | ArithmeticException e) {
            if (e instanceof IOException ours && String.valueOf(e.getMessage()).contains(path.toString())) {
                throw ours;
            }
            throw new IOException(
                    "file must be a torch zip checkpoint, got "
                            + Texts.reason(e.getCause() instanceof IOException cause ? cause : e) + " (" + path
                            + "); fetch it again",
                    e);
        }
    }

    /** The zip library looks for it with a read a byte. */
    private static void requireEnd(Path path) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(path)) {
            ByteBuffer end = ByteBuffer.allocate((int) Math.min(channel.size(), MAX_ZIP_END))
                    .order(ByteOrder.LITTLE_ENDIAN);
            channel.position(channel.size() - end.capacity());
            while (end.hasRemaining() && channel.read(end) >= 0) {
                // goes on until all is there
            }
            for (int i = end.flip().limit() - 4; i >= 0; i--) {
                if (end.getInt(i) == ZIP_END) {
                    return;
                }
            }
        }
        throw bad(path, "zip must end with its directory", "an end without one (the file was cut short)");
    }

    private static Object plain(byte[] pickle, Path path) throws IOException {
        try {
            return RestrictedUnpickler.plain(RestrictedUnpickler.load(pickle));
        } catch (IOException e) {
            throw refused(path, e);
        }
    }

    static IOException refused(Path path, IOException e) {
        return new IOException(
                "pickle must hold tensors, numbers, strings, lists and dictionaries only, got: " + Texts.reason(e)
                        + " (" + path + "); do not load this file with anything less careful",
                e);
    }

    private static TorchCheckpoint of(Path path, @Nullable Object root, Storages storages) throws IOException {
        if (!(root instanceof Map)) {
            throw bad(
                    path,
                    "checkpoint must be a dictionary",
                    root == null ? "nothing" : root.getClass().getSimpleName());
        }
        @SuppressWarnings("unchecked")
        Map<String, Object> map = (Map<String, Object>) root;
        MappedTensors data = new MappedTensors(path);
        try {
            TorchCheckpoint checkpoint = new TorchCheckpoint(path, data, Collections.unmodifiableMap(map));
            checkpoint.index("", map, storages);
            return checkpoint;
        } catch (IOException | RuntimeException e) {
            data.close();
            throw e;
        }
    }

    private void index(String prefix, Map<?, ?> map, Storages storages) throws IOException {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String name = prefix + entry.getKey();
            if (name.length() > MAX_NAME) {
                throw bad(path, "names must be below " + MAX_NAME + " characters", Texts.shown(name));
            }
            if (entry.getValue() instanceof Map<?, ?> inner) {
                index(name + ".", inner, storages);
            } else if (entry.getValue() instanceof RestrictedUnpickler.TensorView view) {
                add(name, view, storages);
            }
        }
    }

    private void add(String name, RestrictedUnpickler.TensorView view, Storages storages) throws IOException {
        if (tensors.size() >= MAX_TENSORS) {
            throw bad(path, "checkpoint must hold at most " + MAX_TENSORS + " tensors", "more");
        }
        TensorInfo info = new TensorInfo(name, view.storage().type(), view.dimensions());
        try {
            checkData(info, view, storages);
        } catch (ArithmeticException e) {
            throw bad(path, "size of " + info + " must be that of a tensor", "more bytes than there are");
        }
    }

    private void checkData(TensorInfo info, RestrictedUnpickler.TensorView view, Storages storages) throws IOException {
        RestrictedUnpickler.Storage storage = view.storage();
        long expected = 1;
        long[] dimensions = view.dimensions();
        for (int i = dimensions.length - 1; i >= 0; i--) {
            if (dimensions[i] != 1 && view.strides()[i] != expected) {
                throw bad(
                        path,
                        "tensor " + info + " must be contiguous",
                        "strides "
                                + Texts.shown(
                                        Arrays.stream(view.strides()).boxed().toList()));
            }
            expected = Math.multiplyExact(expected, dimensions[i]);
        }
        Range range = storages.find(storage);
        if (range == null) {
            throw bad(
                    path,
                    "data of tensor " + info + " must be in the file",
                    "no storage " + Texts.shown(storage.key()));
        }
        long begin = Math.multiplyExact(view.offset(), storage.type().bytes());
        if (Math.addExact(begin, info.bytes()) > range.length()
                || Math.addExact(range.offset(), range.length()) > data.size()) {
            throw bad(
                    path,
                    "data of " + info + " must hold " + (begin + info.bytes()) + " bytes",
                    range.length() + " in storage " + Texts.shown(storage.key()));
        }
        tensors.put(info.name(), info);
        offsets.put(info.name(), range.offset() + begin);
    }

    /**
     * The whole content but for tensor data: maps with string keys, lists, numbers, strings, truth values.
     *
     * @return the dictionary that was saved; tensors in it are opaque
     */
    public Map<String, Object> root() {
        return root;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }

    @Override
    public NDArray read(String name, NDManager manager, DataType type) throws IOException {
        return data.read(require(name), offset(name), manager, type);
    }

    @Override
    public NDArray convert(String name, NDManager manager, UnaryOperator<NDArray> conversion) throws IOException {
        return data.convert(require(name), offset(name), manager, conversion);
    }

    private long offset(String name) throws IOException {
        Long offset = offsets.get(name);
        if (offset == null) {
            throw new IOException("no data for " + name + " (" + path + ")");
        }
        return offset;
    }

    @Override
    public void close() throws IOException {
        data.close();
    }

    static IOException bad(Path path, String must, String got) {
        return new IOException(must + ", got " + got + " (" + path + "); is it a torch checkpoint (torch.save)?");
    }
}
