package io.github.dhf4j.backbones.train;

import io.github.dhf4j.train.StageSettings;

/**
 * How a vision transformer is trained without labels.
 *
 * @param stage steps, pictures a step, rates
 * @param temperature what cosines are divided by before the softmax over places
 * @param firstStrength how far views are from the picture at the first step, 0 to 1; after half of the run it is 1. Views that
 *     differ much are not found by a network that knows nothing
 * @param mirrored whether half of the views are mirrored, so that a thing is the same whichever way it faces; without, its
 *     two sides can be told apart
 * @param seed of weights, order and views
 */
public record BackboneTrainingSettings(
        StageSettings stage, double temperature, double firstStrength, boolean mirrored, long seed) {
    /** What trains {@link io.github.dhf4j.backbones.TransformerForm#SMALL} on one core, at 0.3 to 0.5 s a step. */
    public static final BackboneTrainingSettings SMALL = new BackboneTrainingSettings(
            new StageSettings(4000, 8, 1.5e-3, 100, 0.04, 1, 0.998, 250), 0.07, 0.3, true, 0);

    /**
     * Checks the ranges.
     *
     * @param stage as above
     * @param temperature as above
     * @param firstStrength as above
     * @param mirrored as above
     * @param seed as above
     */
    public BackboneTrainingSettings {
        if (!(temperature > 0) || !(firstStrength >= 0 && firstStrength <= 1)) {
            throw new IllegalArgumentException(
                    "temperature must be above 0 and the first strength of views 0 to 1, got " + temperature + " and "
                            + firstStrength);
        }
    }
}
