package io.github.dhf4j.reproduction;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What must be given or asked for that a row is scored. */
@FunctionalInterface
interface Needs {
    Needs NOTHING = inputs -> null;

    /** Why a row is left out: null if it is not, empty if nothing is to be said of it. */
    @Nullable
    String lacking(Table1Inputs inputs);

    /** Files, the row's own first. */
    static Needs given(Table1Checkpoint own, Table1Checkpoint... others) {
        return inputs -> {
            if (inputs.given(own) == null) {
                return "no " + own.option() + " was given";
            }
            for (Table1Checkpoint other : others) {
                if (inputs.given(other) == null) {
                    return own.option() + " needs " + other.option() + ", which was not given";
                }
            }
            return null;
        };
    }

    static Needs option(String name, Predicate<Table1Inputs> asked) {
        return inputs -> asked.test(inputs) ? null : "no " + name + " was given";
    }

    /** Of rows that nobody misses. */
    static Needs asked(Predicate<Table1Inputs> asked) {
        return inputs -> asked.test(inputs) ? null : "";
    }
}
