package io.github.dhf4j.feature;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How an image, or noise, is led through a network, and which calls' maps are kept. Each kind has what it needs and
 * nothing else; all are immutable.
 *
 * <p>T is the number of timesteps; a call is named by its save index, 0 to T - 1, the reference's, whatever timestep the
 * network sees in it.
 */
public sealed interface ExtractionProcess permits ImageProcess, Generation, Forward, Joined {
    /** The eleven save indices of the paper, of fifty timesteps, as inversion has them: the cleanest first. */
    List<Integer> PAPER_SAVE_INDICES = List.of(49, 45, 40, 35, 30, 25, 20, 15, 10, 5, 0);

    /**
     * The number of timesteps.
     *
     * @return T, 1 to 1000
     */
    int timesteps();

    /**
     * The calls whose maps are kept.
     *
     * @return save indices, each once, in the order of the mixing weights
     */
    List<Integer> saveIndices();

    /**
     * The same process that keeps other maps.
     *
     * @param saveIndices the save indices
     * @return a changed copy
     * @throws IllegalArgumentException if one is not below T or is there twice
     */
    ExtractionProcess withSaveIndices(List<Integer> saveIndices);

    /**
     * The same process with another number of timesteps.
     *
     * @param timesteps T
     * @param saveIndices the save indices
     * @return a changed copy
     * @throws IllegalArgumentException if the process has no such number of timesteps
     */
    ExtractionProcess withTimesteps(int timesteps, List<Integer> saveIndices);

    /**
     * Whether each call goes on from what the one before made of the latents.
     *
     * @return false where each timestep stands by itself
     */
    default boolean walks() {
        return true;
    }

    /**
     * What the network is told.
     *
     * @return a prompt; "" for none
     */
    default String prompt() {
        return "";
    }

    /**
     * The same process of a network that is told something else.
     *
     * @param prompt "" for nothing
     * @return a changed copy
     * @throws IllegalArgumentException if the process has no prompt
     */
    ExtractionProcess withPrompt(String prompt);

    /**
     * The process in a word, as files and messages name it.
     *
     * @return such as "inversion"
     */
    String word();

    /**
     * What is saved where nothing else is asked for: the paper's eleven of fifty timesteps, all of fewer than twelve,
     * else eleven evenly spaced.
     *
     * @param timesteps T
     * @return save indices, the cleanest of an inversion first
     */
    static List<Integer> defaultSaveIndices(int timesteps) {
        if (timesteps == 50) {
            return PAPER_SAVE_INDICES;
        }
        int count = Math.max(1, Math.min(11, timesteps));
        return IntStream.range(0, count)
                .map(i ->
                        timesteps - 1 - (count == 1 ? 0 : (int) Math.round((double) i * (timesteps - 1) / (count - 1))))
                .boxed()
                .toList();
    }
}
