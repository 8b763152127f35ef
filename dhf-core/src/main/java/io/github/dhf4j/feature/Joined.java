package io.github.dhf4j.feature;

import java.util.List;

/**
 * Several networks that each see the image by themselves, each by its own process, with its own taps and load size. There is
 * no T and there are no save indices of all of them: ask {@link ExtractionSettings#networks}.
 *
 * @param networks the settings of each, two or more, none of them joined
 */
public record Joined(List<ExtractionSettings> networks) implements ExtractionProcess {
    /**
     * Checks and copies.
     *
     * @param networks as above
     */
    public Joined {
        networks = List.copyOf(networks);
        if (networks.size() < 2 || networks.stream().anyMatch(each -> each.process() instanceof Joined)) {
            throw new IllegalArgumentException(
                    "joined settings must be of two networks or more, each by itself, got " + networks.size());
        }
        for (ExtractionSettings each : networks) {
            if (each.process() instanceof Forward forward && forward.padded()) {
                throw new IllegalArgumentException(
                        "joined maps must lie on the same places of an image, got padded ones"
                                + " beside those of a squashed image; leave the padding out");
            }
        }
    }

    private static UnsupportedOperationException ofOne(String what) {
        return new UnsupportedOperationException(
                what + " are of one network, got several joined; ask each of networks()");
    }

    @Override
    public int timesteps() {
        throw ofOne("timesteps");
    }

    @Override
    public List<Integer> saveIndices() {
        throw ofOne("save indices");
    }

    @Override
    public Joined withSaveIndices(List<Integer> saveIndices) {
        throw ofOne("save indices");
    }

    @Override
    public Joined withTimesteps(int timesteps, List<Integer> saveIndices) {
        throw ofOne("timesteps");
    }

    /** Tells those networks that are told something; vision transformers are not. */
    @Override
    public Joined withPrompt(String prompt) {
        return new Joined(networks.stream()
                .map(each -> each.process() instanceof Forward ? each : each.withPrompt(prompt))
                .toList());
    }

    @Override
    public String word() {
        return "joined";
    }
}
