package io.github.dhf4j.feature;

import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/** What processes and taps ask of their numbers. */
final class SettingsChecks {
    private SettingsChecks() {}

    /** Checks T and the save indices, and copies them. */
    static List<Integer> saveIndices(int timesteps, List<Integer> saveIndices) {
        if (timesteps < 1 || timesteps > 1000) {
            throw new IllegalArgumentException("timesteps must be 1 to 1000, got " + timesteps);
        }
        for (int index : saveIndices) {
            if (index < 0 || index >= timesteps) {
                throw new IllegalArgumentException("save indices must be 0 to " + (timesteps - 1) + ", one for each of "
                        + timesteps + " timesteps, got " + saveIndices);
            }
        }
        if (saveIndices.isEmpty() || new HashSet<>(saveIndices).size() < saveIndices.size()) {
            throw new IllegalArgumentException("save indices must be one or more, each once, got " + saveIndices);
        }
        return List.copyOf(saveIndices);
    }

    /** Checks the calls of a shorter walk, and copies them. */
    static List<Integer> calls(int timesteps, List<Integer> saveIndices, List<Integer> calls) {
        if (calls.isEmpty()) {
            return List.of();
        }
        boolean falling = IntStream.range(1, calls.size()).allMatch(i -> calls.get(i) < calls.get(i - 1));
        if (calls.get(0) != timesteps - 1 || !falling || calls.get(calls.size() - 1) < 0) {
            throw new IllegalArgumentException("calls must be save indices from " + (timesteps - 1)
                    + ", the clean latent's, down to 0 or more, each once, got " + calls);
        }
        if (!calls.containsAll(saveIndices)) {
            throw new IllegalArgumentException(
                    "save indices must be of calls that are made, got " + saveIndices + " of calls " + calls);
        }
        return List.copyOf(calls);
    }

    /** Checks numbers that count from 1, and copies them. */
    static List<Integer> counted(String what, List<Integer> numbers) {
        if (new HashSet<>(numbers).size() < numbers.size() || numbers.stream().anyMatch(number -> number < 1)) {
            throw new IllegalArgumentException(what + " must be 1 or more, each once, got " + numbers);
        }
        return List.copyOf(numbers);
    }

    /** Checks numbers of which there must be one, and copies them. */
    static List<Integer> named(String what, List<Integer> numbers) {
        if (numbers.isEmpty()) {
            throw new IllegalArgumentException(what + " must be one or more, got none");
        }
        return counted(what, numbers);
    }
}
