package io.github.dhf4j.transfer;

import io.github.dhf4j.eval.annotation.Annotation;
import java.util.List;

/**
 * What one picture got.
 *
 * @param annotations in its pixels, each with confidence
 * @param leftOut how many key points and areas were not sure enough to be there
 */
public record Transferred(List<Annotation> annotations, int leftOut) {
    /**
     * Copies the list.
     *
     * @param annotations as above
     * @param leftOut as above
     */
    public Transferred {
        annotations = List.copyOf(annotations);
    }
}
