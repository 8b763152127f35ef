package io.github.dhf4j.feature;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What is done to an image and what is kept of it. Immutable; {@code with...} methods return changed copies. Settings of
 * other works (DIFT, DINO) stand beside their networks.
 *
 * @param process how it is led through the network
 * @param taps which maps are taken
 * @param loadSize the side of the square that images are resized to, in pixels; 0 for the checkpoint's own
 */
public record ExtractionSettings(ExtractionProcess process, Taps taps, int loadSize) {
    /**
     * Checks the load size, and that the taps are of the process' networks.
     *
     * @param process as above
     * @param taps as above
     * @param loadSize as above
     */
    public ExtractionSettings {
        if (loadSize < 0) {
            throw new IllegalArgumentException("load size must be 0 (the checkpoint's own) or more, got " + loadSize);
        }
        if (process instanceof Joined && !(taps.equals(LayerTaps.ALL) && loadSize == 0)) {
            throw new IllegalArgumentException(
                    "taps and load size are of one network, got " + taps + " at " + loadSize + " for several joined");
        }
        boolean forward = process instanceof Forward;
        if (forward ? taps instanceof BlockTaps : taps instanceof TokenTaps) {
            throw new IllegalArgumentException("taps must be of the process' networks, got "
                    + (taps instanceof UpBlockTaps ? "up blocks" : forward ? "decoder blocks" : "tokens")
                    + " with the process " + process.word());
        }
    }

    /**
     * All layers of a process, at the checkpoint's own size.
     *
     * @param process how images are led through the network
     * @return the settings
     */
    public static ExtractionSettings of(ExtractionProcess process) {
        return new ExtractionSettings(process, LayerTaps.ALL, 0);
    }

    /**
     * The paper's way with real images: inversion, T = 50, eleven save indices, all layers, prompt "".
     *
     * @return the settings
     */
    public static ExtractionSettings inversion() {
        return of(Inversion.PAPER);
    }

    /**
     * The paper's way with synthetic images: generation from noise, T = 50, eleven save indices in reversed order,
     * guidance 7.5.
     *
     * @param prompt what to draw
     * @return the settings
     */
    public static ExtractionSettings generation(String prompt) {
        return of(Generation.of(prompt));
    }

    /**
     * Noise-then-denoise at given timesteps.
     *
     * @param timesteps what the network sees, 0..999 each
     * @return the settings
     */
    public static ExtractionSettings noised(int... timesteps) {
        return of(Noised.at(timesteps));
    }

    /**
     * One call on the clean latent at each of given timesteps, for networks that were taught to see clean images.
     *
     * @param timesteps what the network is told, 0..999 each
     * @return the settings
     */
    public static ExtractionSettings clean(int... timesteps) {
        return of(Clean.at(timesteps));
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
        return of(new Forward());
    }

    /**
     * Several networks that each see the image by themselves.
     *
     * @param networks the settings of each, in the order of their maps; one alone stays as it is
     * @return the settings
     * @throws IllegalArgumentException if there are none, or an image would be padded for one of them
     */
    public static ExtractionSettings joined(List<ExtractionSettings> networks) {
        return networks.size() == 1 ? networks.get(0) : of(new Joined(networks));
    }

    /**
     * The settings of each network.
     *
     * @return those that are {@linkplain #joined}, or these alone
     */
    public List<ExtractionSettings> networks() {
        return process instanceof Joined joined ? joined.networks() : List.of(this);
    }

    /**
     * The maps of the layers that are named.
     *
     * @return network by network, save index by save index, layers fastest: in the order of the mixing weights
     */
    public Stream<FeatureKey> keys() {
        List<ExtractionSettings> all = networks();
        return IntStream.range(0, all.size())
                .boxed()
                .flatMap(n -> all.get(n).saveIndices().stream()
                        .flatMap(saveIndex ->
                                all.get(n).layers().stream().map(layer -> new FeatureKey(n, saveIndex, layer))));
    }

    /**
     * The process' save indices.
     *
     * @return in the order of the mixing weights
     */
    public List<Integer> saveIndices() {
        return process.saveIndices();
    }

    /**
     * The taps' layers.
     *
     * @return 1..L; empty for all
     */
    public List<Integer> layers() {
        return taps.layers();
    }

    /**
     * Another process.
     *
     * @param other how images are led through the network
     * @return a changed copy
     */
    public ExtractionSettings withProcess(ExtractionProcess other) {
        return new ExtractionSettings(other, taps, loadSize);
    }

    /**
     * Other timesteps.
     *
     * @param count T
     * @param saveIndices the save indices
     * @return a changed copy
     */
    public ExtractionSettings withTimesteps(int count, List<Integer> saveIndices) {
        return withProcess(process.withTimesteps(count, saveIndices));
    }

    /**
     * Another prompt.
     *
     * @param prompt what the network is told
     * @return a changed copy
     */
    public ExtractionSettings withPrompt(String prompt) {
        return withProcess(process.withPrompt(prompt));
    }

    /**
     * Other taps.
     *
     * @param other which maps are taken
     * @return a changed copy
     */
    public ExtractionSettings withTaps(Taps other) {
        return new ExtractionSettings(process, other, loadSize);
    }

    /**
     * Other layers.
     *
     * @param tapped layers 1..L; empty for all
     * @return a changed copy
     */
    public ExtractionSettings withLayers(List<Integer> tapped) {
        return withTaps(taps.withLayers(tapped));
    }

    /**
     * Another load size.
     *
     * @param side in pixels; 0 for the checkpoint's own
     * @return a changed copy
     */
    public ExtractionSettings withLoadSize(int side) {
        return new ExtractionSettings(process, taps, side);
    }
}
