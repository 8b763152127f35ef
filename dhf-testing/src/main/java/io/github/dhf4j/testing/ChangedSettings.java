package io.github.dhf4j.testing;

import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.ProcessMode;
import io.github.dhf4j.feature.TokenSettings;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Settings that differ from others in one component each, found by reflection, so that a new component is not forgotten. */
public final class ChangedSettings {
    private static final ExtractionSettings BASE = ExtractionSettings.noised(261, 101)
            .withTimesteps(900, List.of(738, 898))
            .withLayers(List.of(3, 1))
            .withLoadSize(96);

    private ChangedSettings() {}

    /** By the component's name. */
    public static Map<String, ExtractionSettings> all() throws ReflectiveOperationException {
        Map<String, ExtractionSettings> all = new LinkedHashMap<>();
        all.put("none", BASE);
        for (RecordComponent component : ExtractionSettings.class.getRecordComponents()) {
            Object value = component.getAccessor().invoke(BASE);
            if (value instanceof TokenSettings tokens) {
                for (RecordComponent inner : TokenSettings.class.getRecordComponents()) {
                    for (Object other : others(inner.getAccessor().invoke(tokens))) {
                        all.put(
                                "tokens." + inner.getName() + " " + other,
                                BASE.withTokens(changed(tokens, inner, other)));
                    }
                }
            } else {
                for (Object other : others(value)) {
                    all.put(component.getName() + " " + other, changed(BASE, component, other));
                }
            }
        }
        all.put("forward", ExtractionSettings.forward());
        all.put("dino", ExtractionSettings.dino());
        all.put("dift", ExtractionSettings.dift("a photo of a cat").withSampling(true, -7));
        all.put("generation", ExtractionSettings.generation("a \"cat\"\n").withPrompt("x", "y", -1));
        return all;
    }

    private static List<?> others(Object value) {
        if (value instanceof Boolean flag) {
            return List.of(!flag);
        } else if (value instanceof Integer number) {
            return List.of(number + 2);
        } else if (value instanceof Long number) {
            return List.of(number - 5, Long.MAX_VALUE - 1, Long.MIN_VALUE);
        } else if (value instanceof Double number) {
            return List.of(number + 0.1, -1.0, 1e-5);
        } else if (value instanceof String text) {
            return List.of(text + "a cat", "\u00e9 \uD83D\uDE00 \u2028 \"");
        } else if (value instanceof List<?> list) {
            return List.of(new ArrayList<>(list).subList(0, 1), List.of(7, 5, 6));
        } else if (value instanceof Enum<?> word) {
            return Stream.of(word.getDeclaringClass().getEnumConstants())
                    .filter(other -> !other.equals(word) && !other.equals(ProcessMode.FORWARD))
                    .toList();
        }
        throw new AssertionError("say how a value of " + value.getClass() + " is changed");
    }

    private static <R extends Record> R changed(R record, RecordComponent changed, Object value)
            throws ReflectiveOperationException {
        @SuppressWarnings("unchecked")
        Class<R> type = (Class<R>) record.getClass();
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = components[i].getName().equals(changed.getName())
                    ? value
                    : components[i].getAccessor().invoke(record);
        }
        Constructor<R> constructor = type.getDeclaredConstructor(types);
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new AssertionError(changed.getName() + " cannot be " + value, e);
        }
    }
}
