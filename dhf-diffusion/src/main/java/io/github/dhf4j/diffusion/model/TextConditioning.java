package io.github.dhf4j.diffusion.model;

import io.github.dhf4j.tensor.TensorList;
import java.util.ArrayList;
import java.util.List;

/**
 * What a network knows of one text: keys and values of each transformer's cross-attention, and what is added to the
 * timestep's embedding, before it is projected and after; the same at every timestep and for every image of a batch. Made by {@link UNet2DConditionModel#condition}; the caller closes it.
 */
public final class TextConditioning implements AutoCloseable {
    private final TensorList guidance;
    private final TensorList added;
    private final List<TensorList> keysValues;

    /** The first two hold one tensor or none. */
    TextConditioning(TensorList guidance, TensorList added, List<TensorList> keysValues) {
        this.guidance = guidance;
        this.added = added;
        this.keysValues = keysValues;
    }

    /**
     * What a batch is told of which each half has a text of its own.
     *
     * @param first of the first half, of one network with the second; borrowed
     * @param second of the second half, borrowed
     * @return the conditioning; the caller closes it
     */
    public static TextConditioning ofHalves(TextConditioning first, TextConditioning second) {
        List<TensorList> parts = new ArrayList<>();
        try {
            parts.add(stacked(first.guidance, second.guidance));
            parts.add(stacked(first.added, second.added));
            for (int i = 0; i < first.keysValues.size(); i++) {
                parts.add(stacked(first.keysValues.get(i), second.keysValues.get(i)));
            }
        } catch (RuntimeException e) {
            parts.forEach(TensorList::close);
            throw e;
        }
        return new TextConditioning(parts.get(0), parts.get(1), parts.subList(2, parts.size()));
    }

    private static TensorList stacked(TensorList first, TensorList second) {
        return DiffusionOps.SCRIPT.runToList("stacked", first, second);
    }

    TensorList guidance() {
        return guidance;
    }

    TensorList added() {
        return added;
    }

    TensorList of(int transformer) {
        return keysValues.get(transformer);
    }

    @Override
    public void close() {
        guidance.close();
        added.close();
        keysValues.forEach(TensorList::close);
    }
}
