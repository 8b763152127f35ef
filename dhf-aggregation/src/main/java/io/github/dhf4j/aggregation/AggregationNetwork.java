package io.github.dhf4j.aggregation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.tensor.TensorList;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The network with weights that stay as they are: shares ready, convolutions joined. Owns its weights. */
final class AggregationNetwork implements AutoCloseable {
    private final AggregatorConfig config;
    private final List<TensorList> bottlenecks = new ArrayList<>();
    private final Map<FeatureKey, Float> shares = new HashMap<>();
    private final String digest;

    /**
     * Takes what it needs of the parameters, float32, which may be closed or change afterwards; the manager is borrowed. Convolutions
     * run in the type. {@code places} are those of the configuration's maps among the parameters'.
     */
    AggregationNetwork(
            AggregatorConfig config,
            List<Integer> places,
            AggregationParameters parameters,
            NDManager manager,
            DataType type) {
        this.config = config;
        MessageDigest all = Digests.sha256();
        try (NDManager work = manager.newSubManager()) {
            float[] among = among(HostTensors.floats(parameters.shares(work)), places);
            List<FeatureKey> maps = config.maps();
            for (int i = 0; i < among.length; i++) {
                shares.put(maps.get(i), among[i]);
            }
            add(all, List.of(AggregatorKeys.MIXING), parameters.mixing(), work);
            for (int l = 0; l < config.dims().size(); l++) {
                add(all, AggregatorKeys.bottleneck(config, l), parameters.bottleneck(l), work);
                bottlenecks.add(parameters.joined(l, type));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        digest = HexFormat.of().formatHex(all.digest());
    }

    /** The shares of some maps, weighed among themselves: the softmax over their mixing weights. */
    private static float[] among(float[] all, List<Integer> places) {
        if (places.size() == all.length) {
            return all;
        }
        float[] kept = new float[places.size()];
        double sum = 0;
        for (int i = 0; i < kept.length; i++) {
            kept[i] = all[places.get(i)];
            sum += kept[i];
        }
        for (int i = 0; i < kept.length; i++) {
            kept[i] = (float) (kept[i] / sum);
        }
        return kept;
    }

    private static void add(MessageDigest all, List<String> keys, TensorList tensors, NDManager manager) {
        try (NDManager work = manager.newSubManager()) {
            NDArray[] arrays = tensors.toArrays(work);
            for (int i = 0; i < arrays.length; i++) {
                all.update(keys.get(i).getBytes(StandardCharsets.UTF_8));
                all.update(HostTensors.bytes(arrays[i]));
            }
        }
    }

    AggregatorConfig config() {
        return config;
    }

    /** Of all weights' names and numbers. */
    String digest() {
        return digest;
    }

    /** The share of each map of the configuration. */
    Map<FeatureKey, Float> shares() {
        return shares;
    }

    /** Adds one map to a sum, {@code sum += w B(map)}; nothing is computed for a map that has no share. */
    void add(NDArray sum, NDArray map, FeatureKey key) {
        float share = shares.getOrDefault(key, 0f);
        if (share > 0) {
            AggregationOps.accumulate(sum, map, bottlenecks.get(config.bottleneck(key)), share);
        }
    }

    @Override
    public void close() {
        bottlenecks.forEach(TensorList::close);
        bottlenecks.clear();
    }
}
