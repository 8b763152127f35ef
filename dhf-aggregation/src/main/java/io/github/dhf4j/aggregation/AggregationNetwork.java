package io.github.dhf4j.aggregation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.tensor.TensorList;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The network with weights that stay as they are: shares ready, convolutions joined. Owns its weights. */
final class AggregationNetwork implements AutoCloseable {
    private final AggregatorConfig config;
    private final List<TensorList> bottlenecks = new ArrayList<>();
    private final float[] shares;
    private final String digest;

    /**
     * Takes what it needs of the parameters, float32, which may be closed or change afterwards; the manager is borrowed. Convolutions
     * run in the type. {@code places} are those of the configuration's save indices among the parameters'.
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
            shares = among(
                    HostTensors.floats(parameters.shares(work)),
                    places,
                    config.dims().size());
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

    /** The shares of some save indices, weighed among themselves: the softmax over their mixing weights. */
    private static float[] among(float[] all, List<Integer> places, int layers) {
        if (places.size() * layers == all.length) {
            return all;
        }
        float[] kept = new float[places.size() * layers];
        double sum = 0;
        for (int s = 0; s < places.size(); s++) {
            for (int l = 0; l < layers; l++) {
                kept[s * layers + l] = all[places.get(s) * layers + l];
                sum += kept[s * layers + l];
            }
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

    /** The share of a map, places counted from 0 in the configuration's order. */
    float share(int s, int l) {
        return shares[s * bottlenecks.size() + l];
    }

    /** Adds one map to a sum, {@code sum += w[s, l] B_l(map)}; nothing is computed for a map that has no share. */
    void add(NDArray sum, NDArray map, int s, int l) {
        if (share(s, l) > 0) {
            AggregationOps.accumulate(sum, map, bottlenecks.get(l), share(s, l));
        }
    }

    @Override
    public void close() {
        bottlenecks.forEach(TensorList::close);
        bottlenecks.clear();
    }
}
