package io.github.dhf4j.feature;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Noise added to the clean latent in one go, then one call of the network; each timestep by itself, as DIFT and others do.
 *
 * @param timesteps T
 * @param saveIndices the calls, by the index that generation gives them
 * @param prompt what the network is told
 * @param sampleLatent whether the latent is sampled (with the seed) instead of the mean of the encoder's distribution
 * @param seed of the noise and of the sample
 * @param ensemble over how many noises maps are averaged, 1 to 1000: the seed's and those of the seeds that follow
 */
public record Noised(
        int timesteps, List<Integer> saveIndices, String prompt, boolean sampleLatent, long seed, int ensemble)
        implements ImageProcess {
    static final int TRAINED = 1000;

    /**
     * Checks and copies.
     *
     * @param timesteps as above
     * @param saveIndices as above
     * @param prompt as above
     * @param sampleLatent as above
     * @param seed as above
     * @param ensemble as above
     */
    public Noised {
        saveIndices = SettingsChecks.saveIndices(timesteps, saveIndices);
        if (ensemble < 1 || ensemble > 1000) {
            throw new IllegalArgumentException("noises to average over must be 1 to 1000, got " + ensemble);
        }
    }

    /**
     * At given timesteps of a network that was trained with 1000.
     *
     * @param timesteps what the network sees, 0 to 999 each
     * @return the process: T = 1000, one noise, prompt "", the latent's mean
     */
    public static Noised at(int... timesteps) {
        return new Noised(TRAINED, indices(timesteps), "", false, 0, 1);
    }

    /** The save indices of timesteps of {@link #TRAINED}. */
    static List<Integer> indices(int... timesteps) {
        return IntStream.of(timesteps).map(t -> TRAINED - 1 - t).boxed().toList();
    }

    @Override
    public boolean walks() {
        return false;
    }

    @Override
    public Noised withSaveIndices(List<Integer> saveIndices) {
        return withTimesteps(timesteps, saveIndices);
    }

    @Override
    public Noised withTimesteps(int count, List<Integer> saveIndices) {
        return new Noised(count, saveIndices, prompt, sampleLatent, seed, ensemble);
    }

    @Override
    public Noised withPrompt(String told) {
        return new Noised(timesteps, saveIndices, told, sampleLatent, seed, ensemble);
    }

    /**
     * The same from another latent and other noise.
     *
     * @param sampled whether the latent is sampled
     * @param number the seed
     * @return a changed copy
     */
    public Noised withLatent(boolean sampled, long number) {
        return new Noised(timesteps, saveIndices, prompt, sampled, number, ensemble);
    }

    /**
     * The same, averaged over more or fewer noises.
     *
     * @param noises how many
     * @return a changed copy
     */
    public Noised withEnsemble(int noises) {
        return new Noised(timesteps, saveIndices, prompt, sampleLatent, seed, noises);
    }

    @Override
    public String word() {
        return "noised";
    }
}
