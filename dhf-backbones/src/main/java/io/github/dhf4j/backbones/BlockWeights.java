package io.github.dhf4j.backbones;

import io.github.dhf4j.tensor.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The tensors that a block of a family has, in the order of {@code vit.py}: weight and bias of norm 1, query, key, value,
 * output, norm 2, up and down, the two scales, weight and bias of the gate.
 */
final class BlockWeights {
    private record Entry(String name, long... dimensions) {}

    private final List<@Nullable Entry> entries = new ArrayList<>();

    BlockWeights(VisionTransformerConfig config) {
        VisionTransformerKeys keys = VisionTransformerKeys.of(config);
        Dinov3Config own = config.rotary();
        int dim = config.hiddenSize();
        int wide = config.intermediateSize();
        layer(keys.norm1(), true, dim);
        layer(keys.query(), own == null || own.queryBias(), dim, dim);
        layer(keys.key(), own == null || own.keyBias(), dim, dim);
        layer(keys.value(), own == null || own.valueBias(), dim, dim);
        layer(keys.output(), own == null || own.outputBias(), dim, dim);
        layer(keys.norm2(), true, dim);
        layer(keys.up(), own == null || own.mlpBias(), config.swiglu() ? 2L * wide : wide, dim);
        layer(keys.down(), own == null || own.mlpBias(), dim, wide);
        entries.add(keys.scaled() ? new Entry("layer_scale1.lambda1", dim) : null);
        entries.add(keys.scaled() ? new Entry("layer_scale2.lambda1", dim) : null);
        if (own != null && own.gated()) {
            layer(keys.gate(), own.mlpBias(), wide, dim);
        } else {
            entries.add(null);
            entries.add(null);
        }
    }

    private void layer(String name, boolean bias, long... dimensions) {
        entries.add(new Entry(name + ".weight", dimensions));
        entries.add(bias ? new Entry(name + ".bias", dimensions[0]) : null);
    }

    /** Declares those that there are. */
    Parameters declare(Parameters block) {
        for (Entry entry : entries) {
            if (entry != null) {
                block.tensor(entry.name(), entry.dimensions());
            }
        }
        return block;
    }

    /** Where in the declared list the weights of linear layers are. */
    long[] linears() {
        long[] places = places();
        return IntStream.range(0, places.length)
                .filter(i -> {
                    Entry entry = entries.get(i);
                    return entry != null && entry.dimensions().length == 2;
                })
                .mapToLong(i -> places[i])
                .toArray();
    }

    /** Where in the declared list each is, -1 for one that there is not. */
    long[] places() {
        long[] places = new long[entries.size()];
        int next = 0;
        for (int i = 0; i < places.length; i++) {
            places[i] = entries.get(i) == null ? -1 : next++;
        }
        return places;
    }
}
