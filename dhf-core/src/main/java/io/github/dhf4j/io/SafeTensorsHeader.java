package io.github.dhf4j.io;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The header of a safetensors file, checked. */
record SafeTensorsHeader(Map<String, TensorInfo> tensors, Map<String, Long> offsets, Map<String, String> metadata) {
    /** The format's own bound. */
    static final long MAX_BYTES = 100_000_000;

    long offset(String name) {
        Long offset = offsets.get(name);
        if (offset == null) {
            throw new IllegalArgumentException("no tensor " + Texts.shown(name));
        }
        return offset;
    }

    static SafeTensorsHeader read(Path path, MappedTensors data) throws IOException {
        long fileBytes = data.size();
        if (fileBytes < 10) {
            throw bad(path, "file must hold a header", fileBytes + " bytes");
        }
        long headerBytes = data.bytes(0, 8).getLong();
        if (headerBytes < 2 || headerBytes > MAX_BYTES || headerBytes > fileBytes - 8) {
            throw bad(
                    path,
                    "header length must be 2 to " + Math.min(MAX_BYTES, fileBytes - 8),
                    Long.toUnsignedString(headerBytes));
        }
        String json = new String(data.bytes(8, (int) headerBytes).array(), StandardCharsets.UTF_8);
        JsonObject root = Json.parseObject(json, "header of a safetensors file", path.toString());
        long dataStart = 8 + headerBytes;
        long dataBytes = fileBytes - dataStart;
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        Map<String, Long> offsets = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Range> ranges = new ArrayList<>();
        for (Map.Entry<String, JsonElement> entry : root.entrySet()) {
            String name = entry.getKey();
            if (!entry.getValue().isJsonObject()) {
                throw bad(
                        path,
                        "header entry '" + Texts.shown(name) + "' must be an object",
                        Texts.shown(entry.getValue()));
            }
            JsonObject value = entry.getValue().getAsJsonObject();
            if (name.equals("__metadata__")) {
                for (Map.Entry<String, JsonElement> text : value.entrySet()) {
                    metadata.put(
                            text.getKey(),
                            text.getValue().isJsonPrimitive()
                                    ? text.getValue().getAsString()
                                    : text.getValue().toString());
                }
                continue;
            }
            try {
                TensorInfo info = new TensorInfo(name, type(path, name, value), longs(value, "shape"));
                long[] range = longs(value, "data_offsets");
                if (range.length != 2 || range[0] < 0 || range[1] < range[0] || range[1] > dataBytes) {
                    throw bad(
                            path,
                            "byte range of '" + Texts.shown(name) + "' must lie within " + dataBytes + " data bytes",
                            Texts.shown(value.get("data_offsets")));
                }
                if (info.bytes() != range[1] - range[0]) {
                    throw bad(
                            path,
                            "byte range of " + info + " must span " + info.bytes(),
                            String.valueOf(range[1] - range[0]));
                }
                tensors.put(name, info);
                offsets.put(name, dataStart + range[0]);
                ranges.add(new Range(name, range[0], range[1]));
            } catch (ArithmeticException
                    | IllegalStateException
                    | NumberFormatException
                    | UnsupportedOperationException e) {
                throw new IOException(
                        "header entry '" + Texts.shown(name) + "' must hold dtype, shape and data_offsets, got "
                                + Texts.shown(value) + " (" + path + "); fetch the file again",
                        e);
            }
        }
        checkApart(path, ranges, dataBytes);
        return new SafeTensorsHeader(
                Collections.unmodifiableMap(tensors),
                Collections.unmodifiableMap(offsets),
                Collections.unmodifiableMap(metadata));
    }

    private record Range(String name, long begin, long end) {}

    private static void checkApart(Path path, List<Range> ranges, long dataBytes) throws IOException {
        ranges.sort(Comparator.comparingLong(Range::begin).thenComparingLong(Range::end));
        long end = 0;
        String last = "the header";
        for (Range range : ranges) {
            if (range.begin() != end) {
                throw bad(
                        path,
                        "byte range of '" + Texts.shown(range.name()) + "' must begin where " + last + " ends, at "
                                + end,
                        range.begin() + (range.begin() < end ? " (they overlap)" : " (a gap)"));
            }
            end = range.end();
            last = "'" + Texts.shown(range.name()) + "'";
        }
        if (end != dataBytes) {
            throw bad(path, "tensors must fill the file's " + dataBytes + " data bytes", end + " bytes");
        }
    }

    private static TensorType type(Path path, String name, JsonObject value) throws IOException {
        JsonElement type = value.get("dtype");
        for (TensorType known : TensorType.values()) {
            if (type != null && type.isJsonPrimitive() && known.name().equals(type.getAsString())) {
                return known;
            }
        }
        throw bad(
                path,
                "type of '" + Texts.shown(name) + "' must be one of " + List.of(TensorType.values()),
                Texts.shown(type));
    }

    private static long[] longs(JsonObject value, String key) {
        JsonElement list = value.get(key);
        if (list == null || !list.isJsonArray() || list.getAsJsonArray().size() > 16) {
            throw new IllegalStateException(key);
        }
        long[] longs = new long[list.getAsJsonArray().size()];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = list.getAsJsonArray().get(i).getAsBigDecimal().longValueExact();
            if (longs[i] < 0) {
                throw new IllegalStateException(key);
            }
        }
        return longs;
    }

    private static IOException bad(Path path, String must, String got) {
        return new IOException(
                must + ", got " + got + " (" + path + "); the file is damaged or no safetensors file: fetch it again");
    }
}
