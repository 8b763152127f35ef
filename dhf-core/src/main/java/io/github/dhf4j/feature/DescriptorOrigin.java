package io.github.dhf4j.feature;

import com.google.gson.JsonObject;
import io.github.dhf4j.io.JsonConfig;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.util.List;

/**
 * What makes descriptors comparable: the network, by its weights and configuration, and what makes descriptors of its
 * maps, which is aggregation weights and how many network calls they were given, or the raw layers, save indices and facet
 * that are taken as they are. Maps of one
 * image taken otherwise than those of another (at another load size, inverted or generated, with another prompt or seed)
 * are of one origin and meant to be matched; where the same files lie does not count.
 *
 * @param network its checkpoint
 * @param descriptors weights, or raw layers
 */
public record DescriptorOrigin(OriginPart network, OriginPart descriptors) {
    /**
     * The origin of what an aggregator makes of an extractor's maps.
     *
     * @param extractor not kept open
     * @param aggregator not kept open
     * @return the origin
     */
    public static DescriptorOrigin of(FeatureExtractor extractor, FeatureAggregator aggregator) {
        return new DescriptorOrigin(extractor.origin(), aggregator.origin());
    }

    /**
     * The origin of descriptors that are two others', one behind the other.
     *
     * @param other of the second
     * @return the origin of both
     */
    public DescriptorOrigin joined(DescriptorOrigin other) {
        return new DescriptorOrigin(
                OriginPart.joined(List.of(network, other.network)),
                OriginPart.joined(List.of(descriptors, other.descriptors)));
    }

    /**
     * Says that descriptors of both may be compared, or throws. Reads the weights of both networks if they are not of one
     * opened checkpoint, once each.
     *
     * @param other another origin
     * @throws IllegalArgumentException naming both
     */
    public void requireSame(DescriptorOrigin other) {
        boolean ofOneNetwork = network.mayBe(other.network);
        boolean madeAlike = descriptors.mayBe(other.descriptors);
        if (!ofOneNetwork || !madeAlike) {
            String differ =
                    ofOneNetwork ? "weights, layers or calls" : madeAlike ? "checkpoints" : "checkpoints and weights";
            throw new IllegalArgumentException("descriptors must be of one origin, got " + words(other) + " and "
                    + other.words(this) + ", of other " + differ + "; describe both with one pipeline");
        }
    }

    /** Names, with the beginnings of digests where names alone do not tell them apart. */
    private String words(DescriptorOrigin beside) {
        return words(network, beside.network) + " with " + words(descriptors, beside.descriptors);
    }

    private static String words(OriginPart part, OriginPart beside) {
        if (!part.name().equals(beside.name()) || part.mayBe(beside)) {
            return part.name();
        }
        String digest = part.digest().orElse("");
        return part.name() + " (" + Texts.shown(digest.substring(0, Math.min(6, digest.length()))) + ")";
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.add("network", json(network));
        json.add("descriptors", json(descriptors));
        return json;
    }

    private static JsonObject json(OriginPart part) {
        JsonObject json = new JsonObject();
        json.addProperty("name", part.name());
        part.digest().ifPresent(digest -> json.addProperty("digest", digest));
        return json;
    }

    static DescriptorOrigin of(JsonObject json, String where) throws IOException {
        return new DescriptorOrigin(part(json, "network", where), part(json, "descriptors", where));
    }

    private static OriginPart part(JsonObject json, String key, String where) throws IOException {
        if (!(json.get(key) instanceof JsonObject part)) {
            throw new IOException("origin must name '" + key + "', got none (" + where + ")");
        }
        JsonConfig fields = new JsonConfig(part, where);
        String digest = fields.text("digest", "");
        return OriginPart.known(fields.text("name", key), digest.isEmpty() ? null : digest);
    }
}
