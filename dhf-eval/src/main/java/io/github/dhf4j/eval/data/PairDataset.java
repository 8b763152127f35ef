package io.github.dhf4j.eval.data;

import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.train.SeededOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Pairs that can be used, and an account of what was found on the way.
 *
 * @param name the data set and its split, for reports
 * @param pairs what can be used, in the data set's order
 * @param remarks what was left out or is odd, with how often and an example each; empty if nothing
 */
public record PairDataset(String name, List<KeypointPair> pairs, List<String> remarks) {
    /**
     * Copies the lists.
     *
     * @param name as above
     * @param pairs as above
     * @param remarks as above
     */
    public PairDataset {
        pairs = List.copyOf(pairs);
        remarks = List.copyOf(remarks);
    }

    /**
     * Pairs by category.
     *
     * @return categories by name, each with its pairs in order
     */
    public Map<String, List<KeypointPair>> byCategory() {
        Map<String, List<KeypointPair>> map = new TreeMap<>();
        pairs.forEach(pair ->
                map.computeIfAbsent(pair.category(), key -> new ArrayList<>()).add(pair));
        return map;
    }

    /**
     * Some pairs of each category, as the paper takes 20 of each of SPair-71k's 18.
     *
     * @param perCategory how many of each; where there are fewer, all, with a remark
     * @param seed which ones
     * @return a smaller data set, in the order of this one
     */
    public PairDataset sample(int perCategory, long seed) {
        Map<KeypointPair, Boolean> chosen = new LinkedHashMap<>();
        List<String> remarks = new ArrayList<>(this.remarks);
        byCategory().forEach((category, all) -> {
            int[] order = SeededOrder.permutation(all.size(), new Random(SeededOrder.mix(seed, category.hashCode())));
            for (int i = 0; i < Math.min(perCategory, all.size()); i++) {
                chosen.put(all.get(order[i]), true);
            }
            if (all.size() < perCategory) {
                remarks.add("category " + category + " has " + all.size() + " of " + perCategory + " pairs wanted");
            }
        });
        return new PairDataset(
                name + ", " + perCategory + " pairs a category by seed " + seed,
                pairs.stream().filter(chosen::containsKey).toList(),
                remarks);
    }

    /**
     * Pairs of some categories.
     *
     * @param wanted their names
     * @param keep true to keep them, false to leave them out
     * @return a smaller data set
     */
    public PairDataset categories(List<String> wanted, boolean keep) {
        for (String category : wanted) {
            if (!byCategory().containsKey(category)) {
                throw new IllegalArgumentException(
                        "category must be one of " + byCategory().keySet() + ", got '" + category + "' (" + name + ")");
            }
        }
        return new PairDataset(
                name + (keep ? ", only " : ", without ") + String.join(", ", wanted),
                pairs.stream()
                        .filter(pair -> wanted.contains(pair.category()) == keep)
                        .toList(),
                remarks);
    }

    @Override
    public String toString() {
        return name + ": " + pairs.size() + " pairs of " + byCategory().size() + " categories";
    }
}
