package io.github.dhf4j.eval.pck;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a report says of a run beside its scores. Names, and no paths of the machine: reports are passed on.
 *
 * @param settings what was run with what, by name, in the order in which it is shown
 * @param note what the reader must know before any score; empty for nothing
 */
public record EvaluationContext(Map<String, String> settings, String note) {
    /** Nothing is known. */
    public static final EvaluationContext NONE = new EvaluationContext(Map.of(), "");

    /**
     * Copies the map.
     *
     * @param settings as above
     * @param note as above
     */
    public EvaluationContext {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }
}
