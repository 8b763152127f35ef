package io.github.dhf4j.reproduction;

import io.github.dhf4j.eval.data.PairDataset;
import io.github.dhf4j.eval.data.Split;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pairs of a table: those that are scored are read at once, those that are trained on when they are needed. */
final class Sets {
    private final Table1Inputs.Pairs data;
    private final Map<Split, PairDataset> read = new EnumMap<>(Split.class);
    private final PairDataset test;
    private final @Nullable PairDataset transfer;

    Sets(Table1Inputs inputs) throws IOException {
        this.data = inputs.data;
        PairDataset all = of(Split.TEST);
        if (!inputs.heldOut.isEmpty()) {
            this.test = all.categories(inputs.heldOut, false);
            this.transfer = all.categories(inputs.heldOut, true);
        } else {
            this.test = all;
            this.transfer = inputs.transfer == null ? null : inputs.transfer.read(Split.TEST);
        }
    }

    PairDataset test() {
        return test;
    }

    @Nullable
    PairDataset transfer() {
        return transfer;
    }

    PairDataset of(Split split) throws IOException {
        PairDataset set = read.get(split);
        if (set == null) {
            set = data.read(split);
            read.put(split, set);
        }
        return set;
    }
}
