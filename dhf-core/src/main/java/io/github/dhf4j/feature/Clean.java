package io.github.dhf4j.feature;

import java.util.List;

/**
 * One call of the network on the clean latent, nothing added, at a timestep that it is told; each timestep by itself. For
 * networks that were taught to see clean images, as CleanDIFT's.
 *
 * <p>Source: Stracke et al., CleanDIFT, arXiv 2412.03439, section 3.
 *
 * @param timesteps T
 * @param saveIndices the calls, by the index that generation gives them
 * @param prompt what the network is told
 * @param sampleLatent whether the latent is sampled (with the seed) instead of the mean of the encoder's distribution
 * @param seed of the sample
 */
public record Clean(int timesteps, List<Integer> saveIndices, String prompt, boolean sampleLatent, long seed)
        implements ImageProcess {
    /**
     * Checks and copies.
     *
     * @param timesteps as above
     * @param saveIndices as above
     * @param prompt as above
     * @param sampleLatent as above
     * @param seed as above
     */
    public Clean {
        saveIndices = SettingsChecks.saveIndices(timesteps, saveIndices);
    }

    /**
     * At given timesteps of a network that was trained with 1000.
     *
     * @param timesteps what the network is told, 0 to 999 each
     * @return the process: T = 1000, prompt "", the latent's mean
     */
    public static Clean at(int... timesteps) {
        return new Clean(Noised.TRAINED, Noised.indices(timesteps), "", false, 0);
    }

    @Override
    public boolean walks() {
        return false;
    }

    @Override
    public Clean withSaveIndices(List<Integer> saveIndices) {
        return withTimesteps(timesteps, saveIndices);
    }

    @Override
    public Clean withTimesteps(int count, List<Integer> saveIndices) {
        return new Clean(count, saveIndices, prompt, sampleLatent, seed);
    }

    @Override
    public Clean withPrompt(String told) {
        return new Clean(timesteps, saveIndices, told, sampleLatent, seed);
    }

    @Override
    public String word() {
        return "clean";
    }
}
