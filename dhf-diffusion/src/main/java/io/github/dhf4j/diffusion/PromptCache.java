package io.github.dhf4j.diffusion;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** What was made of the prompts that were used last; each is made once, whoever asks. */
final class PromptCache<V> {
    private static final int KEPT = 64;

    private final Map<String, V> values = new LinkedHashMap<>(16, 0.75f, true);

    synchronized V get(String prompt, Function<String, V> maker) {
        V value = values.get(prompt);
        if (value == null) {
            value = maker.apply(prompt);
            values.put(prompt, value);
            if (values.size() > KEPT) {
                values.remove(values.keySet().iterator().next());
            }
        }
        return value;
    }
}
