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
 * @param layers layers to tap, 1..L; empty for all. Layers of the UNet are those of its decoder; its up blocks' outputs
 *     can be named too, L + 1 for the first
 * @param prompt what the network is told; "" for inversion
 * @param negativePrompt what generation is guided away from
 * @param guidance how strongly, 1 or less for not at all; generation only
 * @param sampleLatent whether the latent is sampled (with the seed) instead of the mean of the encoder's distribution
 * @param seed of every random number there is
 * @param loadSize the side of the square that images are resized to, in pixels; 0 for the checkpoint's own
 * @param ensemble over how many noises maps are averaged, the seed's and those of the seeds that follow; 1 except for the
 *     noised process
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
        int ensemble,
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
     * @param ensemble as above
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
        if (ensemble < 1 || ensemble > 1000 || (mode != ProcessMode.NOISED && ensemble != 1)) {
            throw new IllegalArgumentException(
                    "noises to average over must be 1 to 1000, and 1 except for the noised process, got " + ensemble);
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
                ProcessMode.INVERSION,
                50,
                PAPER_SAVE_INDICES,
                List.of(),
                "",
                "",
                1,
                false,
                0,
                0,
                1,
                TokenSettings.NONE);
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
                ProcessMode.GENERATION, 50, reversed, List.of(), prompt, "", 7.5, false, 0, 0, 1, TokenSettings.NONE);
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
                ProcessMode.NOISED, 1000, indices, List.of(), "", "", 1, false, 0, 0, 1, TokenSettings.NONE);
    }

    /**
     * DIFT on Stable Diffusion: the output of the second up block at timestep 261 of images of 768 x 768, averaged over 8
     * noises.
     *
     * <p>Source: Tang et al., arXiv 2306.03881, section 4.
     *
     * @param prompt such as "a photo of a cat"
     * @return the settings, for a UNet of twelve decoder layers: the block's output is layer 14
     */
    public static ExtractionSettings dift(String prompt) {
        return new ExtractionSettings(
                ProcessMode.NOISED,
                1000,
                List.of(999 - 261),
                List.of(14),
                prompt,
                "",
                1,
                false,
                0,
                768,
                8,
                TokenSettings.NONE);
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
                ProcessMode.FORWARD, 1, List.of(0), List.of(), "", "", 1, false, 0, 0, 1, TokenSettings.NONE);
    }

    /**
     * The paper's row DINO: keys of block 9 (layer 10), at 224 x 224 with stride 4.
     *
     * <p>Source: arXiv 2305.14334, section 4; Amir et al., arXiv 2112.05814.
     *
     * @return the settings
     */
    public static ExtractionSettings dino() {
        return forward()
                .withLayers(List.of(10))
                .withLoadSize(224)
                .withTokens(new TokenSettings(Facet.KEY, 4, false, false));
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
        Draft draft = new Draft(this);
        draft.timesteps = count;
        draft.saveIndices = saved;
        return draft.settings();
    }

    /**
     * Other layers.
     *
     * @param tapped layers 1..L; empty for all
     * @return a changed copy
     */
    public ExtractionSettings withLayers(List<Integer> tapped) {
        Draft draft = new Draft(this);
        draft.layers = tapped;
        return draft.settings();
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
        Draft draft = new Draft(this);
        draft.prompt = positive;
        draft.negativePrompt = negative;
        draft.guidance = strength;
        return draft.settings();
    }

    /**
     * Another latent or seed.
     *
     * @param sample whether the latent is sampled
     * @param number the seed
     * @return a changed copy
     */
    public ExtractionSettings withSampling(boolean sample, long number) {
        Draft draft = new Draft(this);
        draft.sampleLatent = sample;
        draft.seed = number;
        return draft.settings();
    }

    /**
     * Another load size.
     *
     * @param side in pixels; 0 for the checkpoint's own
     * @return a changed copy
     */
    public ExtractionSettings withLoadSize(int side) {
        Draft draft = new Draft(this);
        draft.loadSize = side;
        return draft.settings();
    }

    /**
     * Other tokens.
     *
     * @param wanted what is taken of a vision transformer's
     * @return a changed copy
     */
    public ExtractionSettings withTokens(TokenSettings wanted) {
        Draft draft = new Draft(this);
        draft.tokens = wanted;
        return draft.settings();
    }

    /**
     * The same as a generation from noise.
     *
     * @param saved saved indices
     * @return a changed copy
     */
    public ExtractionSettings asGeneration(List<Integer> saved) {
        Draft draft = new Draft(this);
        draft.mode = ProcessMode.GENERATION;
        draft.saveIndices = saved;
        draft.sampleLatent = false;
        draft.ensemble = 1;
        return draft.settings();
    }

    /**
     * Averaged over more or fewer noises.
     *
     * @param noises how many; the noised process only
     * @return a changed copy
     */
    public ExtractionSettings withEnsemble(int noises) {
        Draft draft = new Draft(this);
        draft.ensemble = noises;
        return draft.settings();
    }

    /** A copy in the making. */
    private static final class Draft {
        private ProcessMode mode;
        private int timesteps;
        private List<Integer> saveIndices;
        private List<Integer> layers;
        private String prompt;
        private String negativePrompt;
        private double guidance;
        private boolean sampleLatent;
        private long seed;
        private int loadSize;
        private int ensemble;
        private TokenSettings tokens;

        Draft(ExtractionSettings of) {
            mode = of.mode;
            timesteps = of.timesteps;
            saveIndices = of.saveIndices;
            layers = of.layers;
            prompt = of.prompt;
            negativePrompt = of.negativePrompt;
            guidance = of.guidance;
            sampleLatent = of.sampleLatent;
            seed = of.seed;
            loadSize = of.loadSize;
            ensemble = of.ensemble;
            tokens = of.tokens;
        }

        ExtractionSettings settings() {
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
                    ensemble,
                    tokens);
        }
    }
}
