package io.github.dhf4j.feature;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DDIM generation of a synthetic image: from noise to the clean latent, with prompt and guidance.
 *
 * <p>Source: arXiv 2305.14334, section 3.4.
 *
 * @param timesteps T
 * @param saveIndices the calls whose maps are kept, in the order of the mixing weights: the reverse of an inversion's
 * @param prompt what is drawn
 * @param negativePrompt what it is guided away from; null where there is none, which Stable Diffusion XL tells from "" and
 *     other networks do not
 * @param guidance how strongly; 1 or less for not at all
 * @param seed of the noise, where none is given
 */
public record Generation(
        int timesteps,
        List<Integer> saveIndices,
        String prompt,
        @Nullable String negativePrompt,
        double guidance,
        long seed)
        implements ExtractionProcess {
    /** What diffusers guides with where nothing else is asked for. */
    public static final double DEFAULT_GUIDANCE = 7.5;

    /**
     * Checks and copies.
     *
     * @param timesteps as above
     * @param saveIndices as above
     * @param prompt as above
     * @param negativePrompt as above
     * @param guidance as above
     * @param seed as above
     */
    public Generation {
        saveIndices = SettingsChecks.saveIndices(timesteps, saveIndices);
        if (!Double.isFinite(guidance)) {
            throw new IllegalArgumentException("guidance must be a number, got " + guidance);
        }
    }

    /**
     * The paper's way with synthetic images: T = 50, eleven kept, guidance 7.5.
     *
     * @param prompt what is drawn
     * @return the process
     */
    public static Generation of(String prompt) {
        List<Integer> reversed = PAPER_SAVE_INDICES.stream().sorted().toList();
        return new Generation(50, reversed, prompt, "", DEFAULT_GUIDANCE, 0);
    }

    @Override
    public Generation withSaveIndices(List<Integer> saveIndices) {
        return withTimesteps(timesteps, saveIndices);
    }

    @Override
    public Generation withTimesteps(int count, List<Integer> saveIndices) {
        return new Generation(count, saveIndices, prompt, negativePrompt, guidance, seed);
    }

    @Override
    public Generation withPrompt(String told) {
        return new Generation(timesteps, saveIndices, told, negativePrompt, guidance, seed);
    }

    /**
     * The same, guided otherwise.
     *
     * @param negative what it is guided away from; null for none
     * @param strength how strongly; 1 or less for not at all
     * @return a changed copy
     */
    public Generation withGuidance(@Nullable String negative, double strength) {
        return new Generation(timesteps, saveIndices, prompt, negative, strength, seed);
    }

    /**
     * The same from other noise.
     *
     * @param number the seed
     * @return a changed copy
     */
    public Generation withSeed(long number) {
        return new Generation(timesteps, saveIndices, prompt, negativePrompt, guidance, number);
    }

    /**
     * Whether two calls a timestep are made.
     *
     * @return true for a guidance above 1
     */
    public boolean isGuided() {
        return guidance > 1;
    }

    @Override
    public String word() {
        return "generation";
    }
}
