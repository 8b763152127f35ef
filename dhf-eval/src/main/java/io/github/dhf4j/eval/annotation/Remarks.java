package io.github.dhf4j.eval.annotation;

import io.github.dhf4j.io.Texts;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What of many files could not be used, counted by its kind, with examples. */
public final class Remarks {
    private static final int EXAMPLES = 3;

    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final Map<String, List<String>> examples = new LinkedHashMap<>();

    /** Counts nothing yet. */
    public Remarks() {}

    /**
     * Counts one.
     *
     * @param what its kind, in the plural, such as {@code broken masks left out}
     * @param example which one
     */
    public void add(String what, String example) {
        counts.merge(what, 1, Integer::sum);
        List<String> some = examples.computeIfAbsent(what, key -> new ArrayList<>());
        if (some.size() < EXAMPLES) {
            some.add(example);
        }
    }

    /**
     * All that was counted.
     *
     * @return a sentence a kind, in the order in which kinds came
     */
    public List<String> lines() {
        return counts.entrySet().stream()
                .map(entry -> Texts.printable(entry.getValue() + " " + entry.getKey() + ", such as "
                        + String.join("; ", examples.getOrDefault(entry.getKey(), List.of()))))
                .toList();
    }

    /**
     * All that was counted, for reports that are passed on.
     *
     * @param folder which files are named relative to
     * @return a sentence a kind, in the order in which kinds came
     */
    public List<String> lines(Path folder) {
        return lines().stream()
                .map(line -> line.replace(folder + File.separator, ""))
                .toList();
    }
}
