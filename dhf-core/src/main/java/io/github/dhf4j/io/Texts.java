package io.github.dhf4j.io;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Words for messages. What comes out of a file is shown through {@link #shown}, and what another message says through
 * {@link #reason}, so that a message is printable and short whatever the file holds.
 */
public final class Texts {
    private static final int MAX_VALUE = 60;
    private static final int MAX_NAME = 40;
    private static final int MAX_NAMES = 8;
    private static final int MAX_NAMES_TOTAL = 140;
    private static final int MAX_REASON = 160;
    private static final int MAX_BITS = 256;
    private static final int REPLACEMENT = 0xfffd;

    private Texts() {}

    /**
     * An untrusted value: printable, at most 60 characters, the middle left out of what is longer. Texts are shown as they
     * are, in quotes where they are JSON or part of a list; of lists and maps the beginning, however deep they nest or
     * whether they hold themselves; of other objects the class.
     *
     * @param value what a file held
     * @return one line; "nothing" for null
     */
    public static String shown(@Nullable Object value) {
        return shown(value, MAX_VALUE);
    }

    private static String shown(@Nullable Object value, int most) {
        if (value instanceof CharSequence || value instanceof Path) {
            return shorten(printable(ends(value.toString())), most);
        }
        StringBuilder out = new StringBuilder();
        append(value, out);
        return out.length() > most ? out.substring(0, most - 3) + "..." : out.toString();
    }

    /**
     * A path that a file names: printable, at most 160 characters, the middle left out of what is longer.
     *
     * @param path any
     * @return one line
     */
    public static String path(Path path) {
        return shorten(printable(ends(path.toString())), MAX_REASON);
    }

    /**
     * What a file or folder is called, without the folders above it.
     *
     * @param path any
     * @return its last name; of a root, which has none, the path
     */
    public static String lastName(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return String.valueOf(name == null ? path : name);
    }

    /**
     * What a file is called without its ending.
     *
     * @param path any
     * @return its name up to the last point; the whole where that is the first letter, or there is none
     */
    public static String stem(Path path) {
        String name = String.valueOf(path.getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    /**
     * Names the first few of many.
     *
     * @param names what to name
     * @return the first of them, at most eight, at most 40 characters of each, and how many more there are; "nothing" for
     *     none
     */
    public static String some(Collection<?> names) {
        if (names.isEmpty()) {
            return "nothing";
        }
        StringBuilder out = new StringBuilder();
        int count = 0;
        for (Iterator<?> each = names.iterator(); each.hasNext() && count < MAX_NAMES; count++) {
            String name = shown(each.next(), MAX_NAME);
            if (count > 0 && out.length() + name.length() > MAX_NAMES_TOTAL) {
                break;
            }
            out.append(count > 0 ? ", " : "").append(name);
        }
        return names.size() > count ? out + " and " + (names.size() - count) + " more" : out.toString();
    }

    /**
     * Why something failed, as part of another message.
     *
     * @param failure what was thrown
     * @return the first line of its message, printable, at most 160 characters; its class where it has none
     */
    public static String reason(Throwable failure) {
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return failure.getClass().getSimpleName();
        }
        String line = message.strip().lines().findFirst().orElse("");
        String text = printable(ends(line));
        return failure instanceof NoSuchFileException
                ? "no file " + shorten(text, MAX_REASON - 8)
                : text.length() > MAX_REASON ? text.substring(0, MAX_REASON - 3) + "..." : text;
    }

    /**
     * A number of bytes for people.
     *
     * @param bytes the number
     * @return such as "1.7 GB" (powers of ten)
     */
    public static String bytes(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 999.95 && unit < 4) {
            value /= 1000;
            unit++;
        }
        return String.format(java.util.Locale.ROOT, "%.1f %cB", value, "kMGTP".charAt(unit));
    }

    private static String shorten(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int head = (most - 3) / 2;
        return text.substring(0, head) + "..." + text.substring(text.length() - (most - 3 - head));
    }

    /**
     * Words as a sentence.
     *
     * @param words some, without a full stop
     * @return with a capital letter and a full stop; "" for ""
     */
    public static String sentence(String words) {
        return words.isEmpty() ? "" : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + ".";
    }

    /**
     * A text whole, but printable: control, format and unassigned characters, halves of pairs and line ends as their
     * codes, every space as a space.
     *
     * @param text any
     * @return one line
     */
    public static String printable(CharSequence text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(code -> {
            switch (Character.getType(code)) {
                case Character.SPACE_SEPARATOR -> out.append(' ');
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.PRIVATE_USE,
                        Character.SURROGATE,
                        Character.UNASSIGNED ->
                    out.append(code > 0xffff ? String.format("\\u{%x}", code) : String.format("\\u%04x", code));
                default -> out.append(code == REPLACEMENT ? "?" : Character.toString(code));
            }
        });
        return out.toString();
    }

    /** Only as much as can be shown is made printable: a text of a file may be as long as the file. */
    private static CharSequence ends(CharSequence text) {
        return text.length() <= 2 * MAX_REASON
                ? text
                : text.subSequence(0, MAX_REASON) + "..." + text.subSequence(text.length() - MAX_REASON, text.length());
    }

    /** Goes down only while there is room, and every level takes some: what holds itself ends too. */
    private static void append(@Nullable Object value, StringBuilder out) {
        if (out.length() > MAX_VALUE) {
            return;
        }
        if (value == null) {
            out.append("nothing");
        } else if (value instanceof CharSequence text) {
            out.append('"').append(printable(ends(text))).append('"');
        } else if ((value instanceof BigInteger number && number.bitLength() > MAX_BITS)
                || (value instanceof BigDecimal decimal
                        && decimal.unscaledValue().bitLength() > MAX_BITS)) {
            out.append("a number of many digits");
        } else if (value instanceof Number || value instanceof Boolean || value instanceof Enum<?>) {
            out.append(value);
        } else if (value instanceof JsonPrimitive json) {
            append(
                    json.isString() ? json.getAsString() : json.isNumber() ? json.getAsNumber() : json.getAsBoolean(),
                    out);
        } else if (value instanceof JsonArray json) {
            appendAll(json.asList(), out);
        } else if (value instanceof JsonObject json) {
            appendAll(json.asMap(), out);
        } else if (value instanceof JsonElement) {
            out.append("null");
        } else if (value instanceof Collection<?> list) {
            appendAll(list, out);
        } else if (value instanceof Object[] array) {
            appendAll(Arrays.asList(array), out);
        } else if (value instanceof Map<?, ?> map) {
            appendAll(map, out);
        } else {
            out.append("a value of class ").append(value.getClass().getSimpleName());
        }
    }

    private static void appendAll(Collection<?> list, StringBuilder out) {
        String before = "[";
        for (Object item : list) {
            append(item, out.append(before));
            if (out.length() > MAX_VALUE) {
                return;
            }
            before = ", ";
        }
        out.append(list.isEmpty() ? "[]" : "]");
    }

    private static void appendAll(Map<?, ?> map, StringBuilder out) {
        String before = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            append(entry.getKey(), out.append(before));
            append(entry.getValue(), out.append(": "));
            if (out.length() > MAX_VALUE) {
                return;
            }
            before = ", ";
        }
        out.append(map.isEmpty() ? "{}" : "}");
    }
}
