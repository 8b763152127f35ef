package io.github.dhf4j.feature;

import java.util.List;

/**
 * DDIM inversion of a real image: from the clean latent to noise, deterministic. The paper's way with real images.
 *
 * <p>Source: arXiv 2305.14334, section 3.1.
 *
 * @param timesteps T
 * @param saveIndices the calls whose maps are kept, in the order of the mixing weights
 * @param prompt what the network is told; "" in the paper
 * @param sampleLatent whether the latent is sampled (with the seed) instead of the mean of the encoder's distribution
 * @param seed of the sample
 */
public record Inversion(int timesteps, List<Integer> saveIndices, String prompt, boolean sampleLatent, long seed)
        implements ExtractionProcess {
    /** The paper's: fifty timesteps, eleven of them kept, prompt "", the latent's mean. */
    public static final Inversion PAPER = new Inversion(50, PAPER_SAVE_INDICES, "", false, 0);

    /**
     * Checks and copies.
     *
     * @param timesteps as above
     * @param saveIndices as above
     * @param prompt as above
     * @param sampleLatent as above
     * @param seed as above
     */
    public Inversion {
        saveIndices = SettingsChecks.saveIndices(timesteps, saveIndices);
    }

    @Override
    public Inversion withSaveIndices(List<Integer> saveIndices) {
        return withTimesteps(timesteps, saveIndices);
    }

    @Override
    public Inversion withTimesteps(int count, List<Integer> saveIndices) {
        return new Inversion(count, saveIndices, prompt, sampleLatent, seed);
    }

    @Override
    public Inversion withPrompt(String told) {
        return new Inversion(timesteps, saveIndices, told, sampleLatent, seed);
    }

    /**
     * The same from another latent.
     *
     * @param sampled whether it is sampled
     * @param number the seed
     * @return a changed copy
     */
    public Inversion withLatent(boolean sampled, long number) {
        return new Inversion(timesteps, saveIndices, prompt, sampled, number);
    }

    @Override
    public String word() {
        return "inversion";
    }
}
