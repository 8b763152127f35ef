package io.github.dhf4j.diffusion;

import ai.djl.ndarray.NDManager;
import io.github.dhf4j.diffusion.model.Conditions;
import io.github.dhf4j.image.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a family of pipelines makes of a prompt. Safe for several threads. */
interface PromptEncoder extends AutoCloseable {
    /** Token ids of a prompt, one array a tokenizer. */
    List<long[]> tokens(String prompt);

    /**
     * What the network is told.
     *
     * @param prompt any text; null for a negative prompt that is absent
     * @param size of the images, in pixels
     * @param owner owns the arrays
     */
    Conditions encode(@Nullable String prompt, Size size, NDManager owner);

    @Override
    void close();
}
