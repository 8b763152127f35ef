package io.github.dhf4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.feature.Clean;
import io.github.dhf4j.feature.DecoderBlockTaps;
import io.github.dhf4j.feature.ExtractionProcess;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.Facet;
import io.github.dhf4j.feature.Forward;
import io.github.dhf4j.feature.Generation;
import io.github.dhf4j.feature.Inversion;
import io.github.dhf4j.feature.Joined;
import io.github.dhf4j.feature.LayerTaps;
import io.github.dhf4j.feature.Noised;
import io.github.dhf4j.feature.Taps;
import io.github.dhf4j.feature.TokenTaps;
import io.github.dhf4j.feature.UpBlockTaps;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Settings that differ from others in one component each, found by reflection, so that a new component is not forgotten. */
public final class ChangedSettings {
    private static final List<ExtractionProcess> PROCESSES = List.of(
            new Inversion(900, List.of(738, 898), "", false, 3),
            Noised.at(261, 101).withTimesteps(900, List.of(738, 898)),
            Clean.at(261, 101).withTimesteps(900, List.of(738, 898)),
            new Generation(50, List.of(0, 10), "a cat", "", 7.5, 0),
            new Forward(),
            new Joined(List.of(ExtractionSettings.inversion(), ExtractionSettings.forward())));

    private static final List<Taps> TAPS = List.of(
            new LayerTaps(List.of(3, 1)),
            new UpBlockTaps(List.of(2, 1)),
            new DecoderBlockTaps(List.of(2, 1)),
            new TokenTaps(List.of(3, 1), Facet.TOKEN, 0, false, false));

    private ChangedSettings() {}

    /** By what was changed. */
    public static Map<String, ExtractionSettings> all() throws ReflectiveOperationException {
        requireAll(ExtractionProcess.class, PROCESSES);
        requireAll(Taps.class, TAPS);
        Map<String, ExtractionSettings> all = new LinkedHashMap<>();
        for (ExtractionProcess process : PROCESSES) {
            Taps taps = process instanceof Forward ? TAPS.get(3) : TAPS.get(0);
            for (ExtractionProcess changed : changes(process)) {
                ExtractionSettings settings = changed instanceof Joined
                        ? ExtractionSettings.of(changed)
                        : new ExtractionSettings(changed, taps, 96);
                all.put(changed + "", settings);
            }
        }
        for (Taps taps : TAPS) {
            ExtractionProcess process = taps instanceof TokenTaps ? new Forward() : Inversion.PAPER;
            for (Taps changed : changes(taps)) {
                all.put(changed + "", new ExtractionSettings(process, changed, 64));
            }
        }
        all.put("load size", ExtractionSettings.inversion().withLoadSize(98));
        all.put("all layers", ExtractionSettings.inversion());
        all.put("forward", ExtractionSettings.forward());
        return all;
    }

    private static void requireAll(Class<?> seal, List<?> there) {
        assertThat(there.stream().map(Object::getClass).toList())
                .isEqualTo(permitted(seal).toList());
    }

    private static Stream<Class<?>> permitted(Class<?> seal) {
        return seal.isSealed()
                ? Stream.of(seal.getPermittedSubclasses()).flatMap(ChangedSettings::permitted)
                : Stream.of(seal);
    }

    /** The record, and copies that differ in one component each. */
    private static <T> List<T> changes(T of) throws ReflectiveOperationException {
        List<T> all = new ArrayList<>(List.of(of));
        for (RecordComponent component : of.getClass().getRecordComponents()) {
            for (Object other : others(component.getAccessor().invoke(of))) {
                all.add(changed(of, component, other));
            }
            if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                all.add(changed(of, component, null));
            }
        }
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
        } else if (value instanceof List<?> list && list.isEmpty()) {
            // the calls of the inversion above, which makes them all
            return List.of(List.of(899, 898, 738), List.of(899, 898, 800, 738, 0));
        } else if (value instanceof List<?> list && list.get(0) instanceof ExtractionSettings) {
            return List.of(
                    List.of(ExtractionSettings.oneStep(), ExtractionSettings.forward()),
                    List.of(ExtractionSettings.forward(), ExtractionSettings.inversion()),
                    List.of(
                            ExtractionSettings.inversion(),
                            ExtractionSettings.forward().withLoadSize(64),
                            ExtractionSettings.forward()));
        } else if (value instanceof List<?> list) {
            return List.of(new ArrayList<>(list).subList(0, 1), List.of(7, 5, 6));
        } else if (value instanceof Enum<?> word) {
            return Stream.of(word.getDeclaringClass().getEnumConstants())
                    .filter(other -> !other.equals(word))
                    .toList();
        }
        throw new AssertionError("say how a value of " + value.getClass() + " is changed");
    }

    private static <R> R changed(R record, RecordComponent changed, @Nullable Object value)
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
