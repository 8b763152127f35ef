package io.github.dhf4j.feature;

import java.util.List;

/**
 * One call of a network that knows no timesteps, such as DINOv2: T = 1, one save index, 0.
 *
 * @param padded whether an image's longest side fills the square that the network sees and the rest, right or below, is left
 *     empty; else the image is squashed to the square, whatever its shape. Networks that were not trained so know no padding
 */
public record Forward(boolean padded) implements ExtractionProcess {
    private static final List<Integer> ONE = List.of(0);

    /** Of squashed images. */
    public Forward() {
        this(false);
    }

    @Override
    public int timesteps() {
        return 1;
    }

    @Override
    public List<Integer> saveIndices() {
        return ONE;
    }

    @Override
    public Forward withSaveIndices(List<Integer> saveIndices) {
        return withTimesteps(1, saveIndices);
    }

    @Override
    public Forward withTimesteps(int count, List<Integer> saveIndices) {
        if (count != 1 || !saveIndices.equals(ONE)) {
            throw new IllegalArgumentException("a network without timesteps must have T = 1 and save index 0, got "
                    + count + " and " + saveIndices);
        }
        return this;
    }

    @Override
    public Forward withPrompt(String told) {
        if (!told.isEmpty()) {
            throw new IllegalArgumentException("a network without timesteps must have no prompt, got '" + told + "'");
        }
        return this;
    }

    @Override
    public String word() {
        return "forward";
    }
}
