package io.github.dhf4j.feature;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The maps of several networks' stacks as those of one, each where it is: nothing is copied. Owns the stacks. */
final class JoinedMaps implements StackMaps {
    private final List<FeatureStack> stacks;
    private final NDManager manager;
    private final Set<FeatureKey> keys = new LinkedHashSet<>();

    JoinedMaps(List<FeatureStack> stacks) {
        this.stacks = List.copyOf(stacks);
        this.manager = stacks.get(0).newManager();
        for (int n = 0; n < stacks.size(); n++) {
            for (FeatureKey key : stacks.get(n).keys()) {
                if (key.network() != 0) {
                    throw new IllegalArgumentException(
                            "stacks to join must be of one network each, got " + key.tensorName());
                }
                keys.add(key.ofNetwork(n));
            }
        }
    }

    @Override
    public NDManager manager() {
        return manager;
    }

    @Override
    public Set<FeatureKey> keys() {
        return keys;
    }

    @Override
    public void add(FeatureKey key, NDArray map) {
        throw new IllegalStateException("a map must be added to its network's stack, got " + key.tensorName() + " for "
                + stacks.size() + " that are joined");
    }

    private FeatureStack of(FeatureKey key) {
        return stacks.get(key.network());
    }

    @Override
    public NDArray lend(FeatureKey key) {
        return of(key).get(key.ofNetwork(0));
    }

    @Override
    public NDArray read(FeatureKey key, NDManager owner) {
        return of(key).read(key.ofNetwork(0), owner);
    }

    @Override
    public long width(FeatureKey key) {
        return of(key).width(key.ofNetwork(0));
    }

    /** What each says, by the same key with its network's place before it. */
    @Override
    public Map<String, String> metadata() {
        Map<String, String> all = new LinkedHashMap<>();
        for (int n = 0; n < stacks.size(); n++) {
            String network = "n" + n + ".";
            stacks.get(n).metadata().forEach((key, value) -> all.put(network + key, value));
        }
        return all;
    }

    @Override
    public void close() {
        manager.close();
        stacks.forEach(FeatureStack::close);
    }
}
