package io.github.dhf4j.transfer;

import io.github.dhf4j.eval.annotation.Annotation;
import io.github.dhf4j.feature.DescriptorMap;
import java.util.List;

/**
 * An annotated picture that others take their labels from.
 *
 * @param map its descriptors
 * @param annotations what is in it, in its pixels; crowds are passed over
 */
public record Exemplar(DescriptorMap map, List<Annotation> annotations) {
    /**
     * Copies the list.
     *
     * @param map as above
     * @param annotations as above
     */
    public Exemplar {
        annotations = annotations.stream().filter(each -> !each.crowd()).toList();
    }
}
