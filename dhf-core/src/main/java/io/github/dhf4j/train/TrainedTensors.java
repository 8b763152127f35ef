package io.github.dhf4j.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All tensors that change from step to step, and what they are called in a checkpoint.
 *
 * @param manager on whose device they are; borrowed
 * @param weights by the network's names; borrowed
 * @param averages their moving averages, by the same names, or none; borrowed
 * @param optimiser with the weights' moments
 */
public record TrainedTensors(
        NDManager manager, Map<String, NDArray> weights, Map<String, NDArray> averages, AdamW optimiser) {
    /**
     * All of them.
     *
     * @return {@code network.NAME}, {@code average.NAME}, {@code optimizer.exp_avg.NAME}, {@code
     *     optimizer.exp_avg_sq.NAME}; not to be closed
     */
    public Map<String, NDArray> byName() {
        Map<String, NDArray> all = new LinkedHashMap<>();
        weights.forEach((name, array) -> all.put("network." + name, array));
        averages.forEach((name, array) -> all.put("average." + name, array));
        optimiser.state().forEach((name, array) -> all.put("optimizer." + name, array));
        return all;
    }
}
