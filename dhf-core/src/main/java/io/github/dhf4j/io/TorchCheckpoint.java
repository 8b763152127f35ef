package io.github.dhf4j.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * A checkpoint that {@code torch.save} wrote: a zip whose pickle names tensors and whose other entries are their data.
 * The pickle is read under a whitelist: nothing but tensors, numbers, strings, lists and dictionaries is ever built.
 * Entries must be stored uncompressed, as torch writes them, so no file can swell when read.
 *
 * <p>Tensors get dotted names by the dictionaries that lead to them: {@code aggregation_network.mixing_weights}.
 */
public final class TorchCheckpoint implements TensorFile {
    private static final long MAX_PICKLE_BYTES = 64_000_000;

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

    static boolean isZip(Path path) throws IOException {
        TensorFile.lengthOf(path);
        try (InputStream in = Files.newInputStream(path)) {
            byte[] magic = in.readNBytes(4);
            return magic.length == 4 && magic[0] == 'P' && magic[1] == 'K' && magic[2] == 3 && magic[3] == 4;
        }
    }

    /**
     * Opens a checkpoint and reads its pickle.
     *
     * @param path a {@code .pt}, {@code .pth} or {@code .bin} file in torch's zip form (torch 1.6 and later)
     * @return the open file; the caller closes it
     * @throws IOException if it is no such file, holds what is not on the whitelist, or its sizes do not fit
     */
    public static TorchCheckpoint open(Path path) throws IOException {
        TensorFile.lengthOf(path);
        try (ZipFile zip = ZipFile.builder().setPath(path).get()) {
            ZipArchiveEntry pickle = null;
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                if (entry.getMethod() != ZipEntry.STORED) {
                    throw bad(path, "zip entries must be stored uncompressed", "'" + entry.getName() + "' compressed");
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
            if (order != null && order.getSize() < 100) {
                String text = new String(
                        zip.getInputStream(order).readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
                if (!text.strip().equals("little")) {
                    throw bad(path, "byte order must be little", text.strip());
                }
            }
            byte[] bytes;
            try (InputStream in = zip.getInputStream(pickle)) {
                bytes = in.readNBytes((int) MAX_PICKLE_BYTES);
            }
            Object root;
            try {
                root = RestrictedUnpickler.plain(RestrictedUnpickler.load(bytes));
            } catch (IOException e) {
                throw new IOException(
                        "pickle must hold tensors, numbers, strings, lists and dictionaries only, got: "
                                + e.getMessage() + " (" + path + "); do not load this file with anything less careful",
                        e);
            }
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
                checkpoint.index("", map, zip, folder);
                return checkpoint;
            } catch (IOException | RuntimeException e) {
                data.close();
                throw e;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IOException("zip must be sound, got " + e.getMessage() + " (" + path + "); fetch it again", e);
        } catch (java.util.zip.ZipException | java.io.EOFException e) {
            throw new IOException(
                    "file must be a torch zip checkpoint, got " + e.getMessage() + " (" + path + "); fetch it again",
                    e);
        }
    }

    private void index(String prefix, Map<?, ?> map, ZipFile zip, String folder) throws IOException {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String name = prefix + entry.getKey();
            if (entry.getValue() instanceof Map<?, ?> inner) {
                index(name + ".", inner, zip, folder);
            } else if (entry.getValue() instanceof RestrictedUnpickler.TensorView view) {
                add(name, view, zip, folder);
            }
        }
    }

    private void add(String name, RestrictedUnpickler.TensorView view, ZipFile zip, String folder) throws IOException {
        RestrictedUnpickler.Storage storage = view.storage();
        TensorInfo info = new TensorInfo(name, storage.type(), view.dimensions());
        long expected = 1;
        long[] dimensions = view.dimensions();
        for (int i = dimensions.length - 1; i >= 0; i--) {
            if (dimensions[i] != 1 && view.strides()[i] != expected) {
                throw bad(
                        path,
                        "tensor '" + name + "' must be contiguous",
                        "strides " + java.util.Arrays.toString(view.strides()));
            }
            expected = Math.multiplyExact(expected, dimensions[i]);
        }
        ZipArchiveEntry entry = zip.getEntry(folder + "data/" + storage.key());
        if (entry == null) {
            throw bad(path, "data of tensor '" + name + "' must be in the zip", "no entry data/" + storage.key());
        }
        long begin = Math.multiplyExact(view.offset(), storage.type().bytes());
        long length = info.bytes();
        if (Math.addExact(begin, length) > entry.getSize()
                || Math.addExact(entry.getDataOffset(), entry.getSize()) > data.size()) {
            throw bad(
                    path,
                    "data of " + info + " must hold " + (begin + length) + " bytes",
                    entry.getSize() + " in data/" + storage.key());
        }
        tensors.put(name, info);
        offsets.put(name, entry.getDataOffset() + begin);
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
        TensorInfo info = require(name);
        Long offset = offsets.get(name);
        if (offset == null) {
            throw new IOException("no data for " + name + " (" + path + ")");
        }
        return data.read(info, offset, manager, type);
    }

    @Override
    public void close() throws IOException {
        data.close();
    }

    private static IOException bad(Path path, String must, String got) {
        return new IOException(
                must + ", got " + got + " (" + path + "); is it a torch checkpoint (torch.save, zip form)?");
    }
}
