package io.github.dhf4j.eval.data;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which key points of SPair-71k are one another's like on the other side, by their numbers in each category.
 *
 * <p>Source: the numbers of SPair-71k's key points; which of them come in a left and a right one as GeoAware-SC's evaluation has it.
 */
final class SpairSides {
    /** Pairs of numbers that a mirrored picture swaps; all others stay. */
    private static final Map<String, String> SIDES = Map.ofEntries(
            Map.entry("aeroplane", "4-5 6-7 8-9 10-11 12-13 14-15 16-17 18-19 20-21"),
            Map.entry("bicycle", "2-3 6-7 9-10"),
            Map.entry("bird", "1-2 4-5 7-8 10-11 12-13 14-15"),
            Map.entry("boat", "1-2 3-4 5-6 7-8 9-10 11-12"),
            Map.entry("bottle", "0-1 2-3 4-5 6-7 8-9"),
            Map.entry("bus", "0-1 2-3 5-6 8-18 9-19 10-20 11-21 12-22 13-23 14-15 16-17 24-25 26-27"),
            Map.entry("car", "0-1 2-3 6-7 10-20 11-21 12-22 13-23 14-24 15-25 16-17 18-19 26-27 28-29"),
            Map.entry("cat", "0-1 2-3 4-5 6-7 9-10 11-12"),
            Map.entry("chair", "0-1 2-3 4-5 6-7 8-9 10-11 12-13"),
            Map.entry("cow", "0-1 2-3 4-5 6-7 9-10 11-12 15-16 17-18 19-20"),
            Map.entry("dog", "0-1 2-3 4-5 9-10 11-12"),
            Map.entry("horse", "0-1 2-3 4-5 6-7 10-11 12-13 16-17 18-19"),
            Map.entry("motorbike", "0-1 2-3"),
            Map.entry("person", "0-1 2-3 8-9 10-11 12-13 14-15 16-17 18-19"),
            Map.entry("pottedplant", "0-2 4-5 6-8"),
            Map.entry("sheep", "0-1 2-3 4-5 6-7 9-10 11-12 15-16 17-18 19-20"),
            Map.entry("train", "0-1 2-3 4-5 6-7 8-9 10-11 12-13 14-15 16-17"),
            Map.entry("tvmonitor", "0-2 3-7 4-6 8-10 11-15 12-14"));

    private static final Map<String, Map<String, String>> OTHERS = new HashMap<>();

    static {
        SIDES.forEach((category, pairs) -> {
            Map<String, String> others = new HashMap<>();
            for (String pair : List.of(pairs.split(" "))) {
                int dash = pair.indexOf('-');
                others.put(pair.substring(0, dash), pair.substring(dash + 1));
                others.put(pair.substring(dash + 1), pair.substring(0, dash));
            }
            OTHERS.put(category, Map.copyOf(others));
        });
    }

    private SpairSides() {}

    /** The number that a key point has in a mirrored picture. */
    static String mirrored(String category, String number) {
        return OTHERS.getOrDefault(category, Map.of()).getOrDefault(number, number);
    }
}
