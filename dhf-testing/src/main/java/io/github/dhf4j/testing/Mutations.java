package io.github.dhf4j.testing;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Damaged copies of sound files: bytes are changed, and where the file is JSON or has a JSON header its structure too. */
final class Mutations {
    private static final byte[][] INTERESTING = {
        {0},
        {-1},
        {0x7f},
        {'\n'},
        {'"'},
        {0, 0, 0, 0},
        {-1, -1, -1, -1},
        {-1, -1, -1, 0x7f},
        {0, 0, 0, -128},
        {-1, -1, -1, -1, -1, -1, -1, -1},
        {-1, -1, -1, -1, -1, -1, -1, 0x7f},
        {0, 0, 0, 0, 1, 0, 0, 0},
        {-17, -69, -65},
        {-64, -128},
        "-1".getBytes(StandardCharsets.US_ASCII),
        "1e999".getBytes(StandardCharsets.US_ASCII),
        "NaN".getBytes(StandardCharsets.US_ASCII),
        "99999999999999999999".getBytes(StandardCharsets.US_ASCII),
        "../".getBytes(StandardCharsets.US_ASCII),
    };

    private final List<byte[]> seeds;

    Mutations(List<byte[]> seeds) {
        this.seeds = seeds;
    }

    /** The mutation of this number. */
    byte[] get(long number) {
        Random random = new Random(number * 0x9E3779B97F4A7C15L + 1);
        byte[] bytes = seeds.get(random.nextInt(seeds.size()));
        if (random.nextInt(3) == 0) {
            byte[] structured = restructure(bytes, random);
            if (structured != null) {
                return structured;
            }
        }
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            bytes = change(bytes, random);
        }
        return bytes;
    }

    private byte[] change(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return INTERESTING[random.nextInt(INTERESTING.length)];
        }
        int at = place(bytes, random);
        return switch (random.nextInt(8)) {
            case 0 -> {
                byte[] copy = bytes.clone();
                copy[at] ^= (byte) (1 << random.nextInt(8));
                yield copy;
            }
            case 1 -> {
                byte[] value = INTERESTING[random.nextInt(INTERESTING.length)];
                byte[] copy = bytes.clone();
                System.arraycopy(value, 0, copy, at, Math.min(value.length, copy.length - at));
                yield copy;
            }
            case 2 -> splice(bytes, at, INTERESTING[random.nextInt(INTERESTING.length)], at);
            case 3 -> splice(bytes, at, new byte[0], Math.min(bytes.length, at + length(random)));
            case 4 -> Arrays.copyOf(bytes, at);
            case 5 -> {
                byte[] slice = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + length(random)));
                yield splice(bytes, at, slice, at);
            }
            case 6 -> {
                byte[] other = seeds.get(random.nextInt(seeds.size()));
                int from = random.nextInt(other.length);
                byte[] slice = Arrays.copyOfRange(other, from, Math.min(other.length, from + length(random)));
                yield splice(bytes, at, slice, Math.min(bytes.length, at + slice.length));
            }
            default -> digit(bytes, at, random);
        };
    }

    /** Beginnings and ends are where formats keep what they are made of. */
    private static int place(byte[] bytes, Random random) {
        int near = random.nextInt(Math.min(bytes.length, 1_000));
        return switch (random.nextInt(3)) {
            case 0 -> near;
            case 1 -> bytes.length - 1 - near;
            default -> random.nextInt(bytes.length);
        };
    }

    private static int length(Random random) {
        return 1 + random.nextInt(1 << random.nextInt(10));
    }

    private static byte[] splice(byte[] bytes, int begin, byte[] middle, int end) {
        ByteBuffer out = ByteBuffer.allocate(begin + middle.length + bytes.length - end);
        return out.put(bytes, 0, begin)
                .put(middle)
                .put(bytes, end, bytes.length - end)
                .array();
    }

    private static byte[] digit(byte[] bytes, int from, Random random) {
        byte[] copy = bytes.clone();
        for (int i = from; i < copy.length; i++) {
            if (copy[i] >= '0' && copy[i] <= '9') {
                copy[i] = (byte) ('0' + random.nextInt(10));
                return copy;
            }
        }
        copy[from] = (byte) random.nextInt(256);
        return copy;
    }

    private static byte @Nullable [] restructure(byte[] bytes, Random random) {
        int header = headerLength(bytes);
        String text = header < 0
                ? new String(bytes, StandardCharsets.UTF_8)
                : new String(bytes, 8, header, StandardCharsets.UTF_8);
        JsonElement json;
        try {
            json = JsonParser.parseString(text);
        } catch (JsonParseException e) {
            return lines(text, random);
        }
        if (!json.isJsonObject() && !json.isJsonArray()) {
            return null;
        }
        byte[] changed = JsonMutations.change(json, random).getBytes(StandardCharsets.UTF_8);
        if (header < 0) {
            return changed;
        }
        ByteBuffer out = ByteBuffer.allocate(8 + changed.length + bytes.length - 8 - header);
        return out.order(ByteOrder.LITTLE_ENDIAN)
                .putLong(changed.length)
                .put(changed)
                .put(bytes, 8 + header, bytes.length - 8 - header)
                .array();
    }

    /** A file of JSON lines: one of them. */
    private static byte @Nullable [] lines(String text, Random random) {
        String[] lines = text.split("\n", -1);
        int chosen = random.nextInt(lines.length);
        try {
            JsonElement json = JsonParser.parseString(lines[chosen]);
            if (json.isJsonObject()) {
                lines[chosen] = JsonMutations.change(json, random);
                return String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
            }
        } catch (JsonParseException e) {
            // no JSON
        }
        return null;
    }

    /** The length of a safetensors header, or -1 where the file is none. */
    private static int headerLength(byte[] bytes) {
        if (bytes.length < 10 || bytes[8] != '{') {
            return -1;
        }
        long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return length > 1 && length <= bytes.length - 8 ? (int) length : -1;
    }
}
