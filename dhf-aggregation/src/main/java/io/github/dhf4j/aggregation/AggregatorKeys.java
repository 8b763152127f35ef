package io.github.dhf4j.aggregation;

import java.util.ArrayList;
import java.util.List;

/**
 * What things are called in files of aggregation weights, by the authors: {@code mixing_weights} and {@code
 * bottleneck_layers.{l}.0.{conv1,conv2,conv3,shortcut}.{weight,norm.weight,norm.bias}}, l counted from 0.
 */
public final class AggregatorKeys {
    /** The tensor whose softmax are the maps' shares, one number a map. */
    public static final String MIXING = "mixing_weights";

    /** Of a torch checkpoint what holds the tensors; of both forms what holds the configuration. */
    static final String TORCH_NETWORK = "aggregation_network";

    static final String CONFIG = "config";
    static final String PROVENANCE = "provenance";
    static final String CONFIDENCE = "confidence";

    private AggregatorKeys() {}

    /** What a layer's tensors begin with. */
    static String layer(int layer) {
        return "bottleneck_layers." + layer + ".0.";
    }

    /**
     * The tensors of a bottleneck.
     *
     * @param config the network's form
     * @param layer its place among those of all networks, 0 first
     * @return their names in the order in which the script takes them; the shortcut's convolution, if any, comes last
     */
    public static List<String> bottleneck(AggregatorConfig config, int layer) {
        List<String> names = new ArrayList<>();
        for (String conv : List.of("conv1", "conv2", "conv3")) {
            names.addAll(List.of(conv + ".weight", conv + ".norm.weight", conv + ".norm.bias"));
        }
        if (config.hasShortcut(layer)) {
            names.addAll(List.of("shortcut.norm.weight", "shortcut.norm.bias", "shortcut.weight"));
        }
        return names.stream().map(name -> layer(layer) + name).toList();
    }
}
