package io.github.dhf4j.diffusion.process;

import io.github.dhf4j.feature.ExtractionProcess;
import io.github.dhf4j.feature.Inversion;
import java.util.ArrayList;
import java.util.List;

/**
 * One call of the network within a process.
 *
 * @param step its place in the loop, 0 first
 * @param timestep what the network sees, -1 for the clean image
 * @param next the timestep to go to
 * @param saveIndex the reference's index of its features
 */
public record NetworkCall(int step, int timestep, int next, int saveIndex) {
    /**
     * All calls of a process, in order.
     *
     * <p>Source: reference, extraction steps 4 to 6. Inversion walks (-1, 0), (0, 20), ..., generation (980, 960), ...,
     * (0, -1); noised and clean timesteps stand alone, and have the index that generation gives them.
     *
     * @param process any but forward
     * @param trainTimesteps training timesteps of the schedule
     * @return T calls
     */
    public static List<NetworkCall> of(ExtractionProcess process, int trainTimesteps) {
        int timesteps = process.timesteps();
        if (timesteps > trainTimesteps) {
            throw new IllegalArgumentException(
                    "timesteps must be at most the schedule's " + trainTimesteps + ", got " + timesteps);
        }
        int spacing = trainTimesteps / timesteps;
        if (process instanceof Inversion inversion && !inversion.calls().isEmpty()) {
            return ofWalk(timesteps, inversion.calls(), spacing);
        }
        List<NetworkCall> calls = new ArrayList<>();
        for (int i = 0; i < timesteps; i++) {
            int fromNoise = (timesteps - 1 - i) * spacing;
            calls.add(
                    process instanceof Inversion
                            ? new NetworkCall(i, i == 0 ? -1 : (i - 1) * spacing, i * spacing, timesteps - 1 - i)
                            : new NetworkCall(i, fromNoise, i == timesteps - 1 ? -1 : fromNoise - spacing, i));
        }
        return calls;
    }

    /** Calls that lie further apart: each goes to the timestep of the next. */
    private static List<NetworkCall> ofWalk(int timesteps, List<Integer> saveIndices, int spacing) {
        List<NetworkCall> calls = new ArrayList<>();
        for (int k = 0; k < saveIndices.size(); k++) {
            int i = timesteps - 1 - saveIndices.get(k);
            boolean last = k == saveIndices.size() - 1;
            int next = last ? i * spacing : (timesteps - 2 - saveIndices.get(k + 1)) * spacing;
            calls.add(new NetworkCall(k, i == 0 ? -1 : (i - 1) * spacing, next, saveIndices.get(k)));
        }
        return calls;
    }
}
