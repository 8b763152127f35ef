package io.github.dhf4j.feature;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

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
 * @param calls save indices of the calls that are made, from the clean latent's T - 1 down; each DDIM step then goes from
 *     one to the next, whatever their distance. Empty for all T, the paper's walk
 */
public record Inversion(
        int timesteps, List<Integer> saveIndices, String prompt, boolean sampleLatent, long seed, List<Integer> calls)
        implements ImageProcess {
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
     * @param calls as above
     */
    public Inversion {
        saveIndices = SettingsChecks.saveIndices(timesteps, saveIndices);
        calls = SettingsChecks.calls(timesteps, saveIndices, calls);
    }

    /**
     * A walk over all timesteps.
     *
     * @param timesteps as above
     * @param saveIndices as above
     * @param prompt as above
     * @param sampleLatent as above
     * @param seed as above
     */
    public Inversion(int timesteps, List<Integer> saveIndices, String prompt, boolean sampleLatent, long seed) {
        this(timesteps, saveIndices, prompt, sampleLatent, seed, List.of());
    }

    @Override
    public Inversion withSaveIndices(List<Integer> saveIndices) {
        return new Inversion(timesteps, saveIndices, prompt, sampleLatent, seed, calls);
    }

    /**
     * The same that keeps the maps of some calls and makes these alone, after the clean latent's, from which every walk
     * starts.
     *
     * @param kept save indices, in the order of the mixing weights
     * @return a changed copy
     */
    public Inversion over(List<Integer> kept) {
        List<Integer> made = Stream.concat(Stream.of(timesteps - 1), kept.stream())
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
        return new Inversion(timesteps, kept, prompt, sampleLatent, seed, made.size() == timesteps ? List.of() : made);
    }

    @Override
    public Inversion withTimesteps(int count, List<Integer> saveIndices) {
        return new Inversion(count, saveIndices, prompt, sampleLatent, seed);
    }

    @Override
    public Inversion withPrompt(String told) {
        return new Inversion(timesteps, saveIndices, told, sampleLatent, seed, calls);
    }

    /**
     * The same from another latent.
     *
     * @param sampled whether it is sampled
     * @param number the seed
     * @return a changed copy
     */
    public Inversion withLatent(boolean sampled, long number) {
        return new Inversion(timesteps, saveIndices, prompt, sampled, number, calls);
    }

    @Override
    public String word() {
        return "inversion";
    }
}
