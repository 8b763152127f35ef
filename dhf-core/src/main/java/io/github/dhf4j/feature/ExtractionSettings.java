package io.github.dhf4j.feature;

import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is done to an image and what is kept of it. Immutable; {@code with...} methods return changed copies.
 *
 * @param mode the process
 * @param timesteps T, how many timesteps the process has, 1..1000
 * @param saveIndices the timesteps that are saved, by the reference's index 0..T-1, in the order of the mixing weights
 * @param layers layers to tap, 1..L; empty for all. Layers of the UNet are those of its decoder
 * @param prompt what the network is told; "" for inversion
 * @param negativePrompt what generation is guided away from
 * @param guidance how strongly, 1 or less for not at all; generation only
 * @param sampleLatent whether the latent is sampled (with the seed) instead of the mean of the encoder's distribution
 * @param seed of every random number there is
 * @param loadSize the side of the square that images are resized to, in pixels; 0 for the checkpoint's own
 * @param tokens what is taken of a vision transformer's tokens
 */
public record ExtractionSettings(
        ProcessMode mode,
        int timesteps,
        List<Integer> saveIndices,
        List<Integer> layers,
        String prompt,
        String negativePrompt,
        double guidance,
        boolean sampleLatent,
        long seed,
        int loadSize,
        TokenSettings tokens) {

    /** The eleven saved indices of the paper, of fifty timesteps. */
    public static final List<Integer> PAPER_SAVE_INDICES = List.of(49, 45, 40, 35, 30, 25, 20, 15, 10, 5, 0);

    /**
     * Copies the lists and checks the ranges.
     *
     * @param mode as above
     * @param timesteps as above
     * @param saveIndices as above
     * @param layers as above
     * @param prompt as above
     * @param negativePrompt as above
     * @param guidance as above
     * @param sampleLatent as above
     * @param seed as above
     * @param loadSize as above
     * @param tokens as above
     */
    public ExtractionSettings {
        saveIndices = List.copyOf(saveIndices);
        layers = List.copyOf(layers);
        if (timesteps < 1 || timesteps > 1000) {
            throw new IllegalArgumentException("timesteps must be 1 to 1000, got " + timesteps);
        }
        for (int index : saveIndices) {
            if (index < 0 || index >= timesteps) {
                throw new IllegalArgumentException("saved indices must be 0 to " + (timesteps - 1)
                        + ", one for each of " + timesteps + " timesteps, got " + saveIndices);
            }
        }
        if (saveIndices.isEmpty() || new HashSet<>(saveIndices).size() < saveIndices.size()) {
            throw new IllegalArgumentException("saved indices must be one or more, each once, got " + saveIndices);
        }
        if (new HashSet<>(layers).size() < layers.size() || layers.stream().anyMatch(l -> l < 1)) {
            throw new IllegalArgumentException("layers must be 1 or more, each once, got " + layers);
        }
        if (!Double.isFinite(guidance)) {
            throw new IllegalArgumentException("guidance must be a number, got " + guidance);
        }
        if (mode == ProcessMode.FORWARD && timesteps != 1) {
            throw new IllegalArgumentException("a network without timesteps must have T = 1, got " + timesteps);
        }
        if (loadSize < 0) {
            throw new IllegalArgumentException("load size must be 0 (the checkpoint's own) or more, got " + loadSize);
        }
    }

    /**
     * What is saved where nothing else is asked for: the paper's eleven of fifty timesteps, all of fewer than twelve,
     * else eleven evenly spaced.
     *
     * @param timesteps T
     * @return saved indices, the cleanest of an inversion first
     */
    public static List<Integer> defaultSaveIndices(int timesteps) {
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

    /**
     * The paper's way with real images: inversion, T = 50, eleven saved timesteps, all layers, prompt "".
     *
     * @return the settings
     */
    public static ExtractionSettings inversion() {
        return new ExtractionSettings(
                ProcessMode.INVERSION, 50, PAPER_SAVE_INDICES, List.of(), "", "", 1, false, 0, 0, TokenSettings.NONE);
    }

    /**
     * The paper's way with synthetic images: generation from noise, T = 50, eleven saved timesteps in reversed order,
     * guidance 7.5.
     *
     * @param prompt what to draw
     * @return the settings
     */
    public static ExtractionSettings generation(String prompt) {
        List<Integer> reversed = PAPER_SAVE_INDICES.stream().sorted().toList();
        return new ExtractionSettings(
                ProcessMode.GENERATION, 50, reversed, List.of(), prompt, "", 7.5, false, 0, 0, TokenSettings.NONE);
    }

    /**
     * Noise-then-denoise at given timesteps, as DIFT and others do.
     *
     * @param timesteps what the network sees, 0..999 each; their saved index is 999 minus the timestep
     * @return the settings
     */
    public static ExtractionSettings noised(int... timesteps) {
        List<Integer> indices =
                IntStream.of(timesteps).map(t -> 999 - t).boxed().toList();
        return new ExtractionSettings(
                ProcessMode.NOISED, 1000, indices, List.of(), "", "", 1, false, 0, 0, TokenSettings.NONE);
    }

    /**
     * One inversion call on the clean latent: T = 1.
     *
     * @return the settings
     */
    public static ExtractionSettings oneStep() {
        return inversion().withTimesteps(1, List.of(0));
    }

    /**
     * One call of a network that knows no timesteps: all layers, tokens as they are.
     *
     * @return the settings
     */
    public static ExtractionSettings forward() {
        return new ExtractionSettings(
                ProcessMode.FORWARD, 1, List.of(0), List.of(), "", "", 1, false, 0, 0, TokenSettings.NONE);
    }

    /**
     * The paper's row DINO: keys of block 9 (layer 10), at 224 x 224 with stride 4.
     *
     * <p>Source: arXiv 2305.14334, section 4; Amir et al., arXiv 2112.05814.
     *
     * @return the settings
     */
    public static ExtractionSettings dino() {
        return forward().withLayers(List.of(10)).withLoadSize(224).withTokens(new TokenSettings(Facet.KEY, 4, false));
    }

    /**
     * The paper's row DINOv2: tokens of block 11 (layer 12), at 224 x 224.
     *
     * @return the settings
     */
    public static ExtractionSettings dinov2() {
        return forward().withLayers(List.of(12)).withLoadSize(224);
    }

    /**
     * Other timesteps.
     *
     * @param count T
     * @param saved saved indices
     * @return a changed copy
     */
    public ExtractionSettings withTimesteps(int count, List<Integer> saved) {
        return new ExtractionSettings(
                mode, count, saved, layers, prompt, negativePrompt, guidance, sampleLatent, seed, loadSize, tokens);
    }

    /**
     * Other layers.
     *
     * @param tapped layers 1..L; empty for all
     * @return a changed copy
     */
    public ExtractionSettings withLayers(List<Integer> tapped) {
        return new ExtractionSettings(
                mode,
                timesteps,
                saveIndices,
                tapped,
                prompt,
                negativePrompt,
                guidance,
                sampleLatent,
                seed,
                loadSize,
                tokens);
    }

    /**
     * Other prompts.
     *
     * @param positive what the network is told
     * @param negative what generation is guided away from
     * @param strength guidance
     * @return a changed copy
     */
    public ExtractionSettings withPrompt(String positive, String negative, double strength) {
        return new ExtractionSettings(
                mode,
                timesteps,
                saveIndices,
                layers,
                positive,
                negative,
                strength,
                sampleLatent,
                seed,
                loadSize,
                tokens);
    }

    /**
     * Another latent or seed.
     *
     * @param sample whether the latent is sampled
     * @param number the seed
     * @return a changed copy
     */
    public ExtractionSettings withSampling(boolean sample, long number) {
        return new ExtractionSettings(
                mode,
                timesteps,
                saveIndices,
                layers,
                prompt,
                negativePrompt,
                guidance,
                sample,
                number,
                loadSize,
                tokens);
    }

    /**
     * Another load size.
     *
     * @param side in pixels; 0 for the checkpoint's own
     * @return a changed copy
     */
    public ExtractionSettings withLoadSize(int side) {
        return new ExtractionSettings(
                mode,
                timesteps,
                saveIndices,
                layers,
                prompt,
                negativePrompt,
                guidance,
                sampleLatent,
                seed,
                side,
                tokens);
    }

    /**
     * Other tokens.
     *
     * @param wanted what is taken of a vision transformer's
     * @return a changed copy
     */
    public ExtractionSettings withTokens(TokenSettings wanted) {
        return new ExtractionSettings(
                mode,
                timesteps,
                saveIndices,
                layers,
                prompt,
                negativePrompt,
                guidance,
                sampleLatent,
                seed,
                loadSize,
                wanted);
    }
}
