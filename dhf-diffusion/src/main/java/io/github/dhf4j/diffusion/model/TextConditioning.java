package io.github.dhf4j.diffusion.model;

import io.github.dhf4j.tensor.TensorList;
import java.util.List;

/**
 * What cross-attention knows of one text: keys and values of each transformer, the same at every timestep and for
 * every image of a batch. Made by {@link UNet2DConditionModel#condition}; the caller closes it.
 */
public final class TextConditioning implements AutoCloseable {
    private final List<TensorList> keysValues;

    TextConditioning(List<TensorList> keysValues) {
        this.keysValues = keysValues;
    }

    TensorList of(int transformer) {
        return keysValues.get(transformer);
    }

    @Override
    public void close() {
        keysValues.forEach(TensorList::close);
    }
}
