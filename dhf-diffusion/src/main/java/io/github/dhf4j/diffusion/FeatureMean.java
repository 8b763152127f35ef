package io.github.dhf4j.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.feature.FeatureConsumer;
import io.github.dhf4j.feature.FeatureKey;
import java.util.LinkedHashMap;
import java.util.Map;

/** The mean of several runs' features. */
final class FeatureMean implements FeatureConsumer, AutoCloseable {
    private final int runs;
    private final NDManager manager;
    private final Map<FeatureKey, NDArray> sums = new LinkedHashMap<>();

    FeatureMean(int runs, NDManager parent) {
        this.runs = runs;
        this.manager = parent.newSubManager();
    }

    @Override
    public void accept(FeatureKey key, NDArray map) {
        NDArray sum = sums.get(key);
        if (sum == null) {
            NDArray first = map.duplicate();
            first.attach(manager);
            sums.put(key, first);
        } else {
            sum.addi(map);
        }
    }

    /** Divides and pushes on, once, after the last run. */
    void giveTo(FeatureConsumer consumer) {
        sums.forEach((key, sum) -> {
            sum.divi(runs);
            consumer.accept(key, sum);
        });
    }

    @Override
    public void close() {
        manager.close();
    }
}
