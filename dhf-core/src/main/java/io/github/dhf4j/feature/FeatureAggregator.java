package io.github.dhf4j.feature;

import io.github.dhf4j.io.Digests;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sums feature maps into one descriptor map per image. Safe for several threads; each run has its own accumulator. */
public interface FeatureAggregator extends AutoCloseable {
    /**
     * What the maps come from, for logs and provenance.
     *
     * @return such as a weight file
     */
    String name();

    /**
     * The process whose maps these weights were made for.
     *
     * @return the settings to extract with
     */
    ExtractionSettings settings();

    /**
     * The networks that the weights were made for, as far as they remember: to say which is missing where several are
     * joined, and in which order they come.
     *
     * @return one for each of the settings' {@linkplain ExtractionSettings#networks networks}, by its checkpoint's name and
     *     digest; empty where nobody wrote them down
     */
    default List<OriginPart> networks() {
        return List.of();
    }

    /**
     * What descriptors are a function of, beside the network, as they remember it.
     *
     * @return such as a weight file's name and a digest of the weights in it; unless an aggregator says otherwise its name
     *     and settings
     */
    default OriginPart origin() {
        return OriginPart.of(name(), () -> Digests.of(name() + " " + SettingsCodec.text(settings())));
    }

    /**
     * How far matches of the descriptors can be trusted.
     *
     * @return what was fitted to these weights; null where nothing was
     */
    default @Nullable ConfidenceModel confidence() {
        return null;
    }

    /**
     * Says that an extractor's maps are the ones wanted, or throws.
     *
     * @param layout what the extractor emits
     * @param source the extractor's name, for the message
     * @throws IllegalArgumentException with both lists
     */
    void requireFits(FeatureLayout layout, String source);

    /**
     * Begins a sum.
     *
     * @return an accumulator; the caller closes it
     * @throws IllegalStateException after {@link #close}
     */
    DescriptorAccumulator accumulator();

    /** Frees the weights. */
    @Override
    void close();
}
