package io.github.dhf4j.io;

import java.util.Collection;
import java.util.stream.Collectors;

/** Words for messages. */
public final class Texts {
    private static final int SHOWN = 8;

    private Texts() {}

    /**
     * Names the first few of many.
     *
     * @param names what to name
     * @return the first eight, and how many more there are; "nothing" for none
     */
    public static String some(Collection<?> names) {
        if (names.isEmpty()) {
            return "nothing";
        }
        String first = names.stream().limit(SHOWN).map(String::valueOf).collect(Collectors.joining(", "));
        return names.size() > SHOWN ? first + " and " + (names.size() - SHOWN) + " more" : first;
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
}
