package io.github.dhf4j.diffusion.model;

import io.github.dhf4j.tensor.TensorList;
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
