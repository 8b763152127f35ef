package io.github.dhf4j.spark;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** Iterators of Spark's partitions. */
final class Iterators {
    private Iterators() {}

    /** Each element changed when it is asked for. */
    static <A, B> Iterator<B> map(Iterator<? extends A> from, Function<? super A, ? extends B> change) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return from.hasNext();
            }

            @Override
            public B next() {
                return change.apply(from.next());
            }
        };
    }

    /** What is made of each element, one after the other. */
    static <A, B> Iterator<B> flatMap(
            Iterator<? extends A> from, Function<? super A, ? extends Iterator<? extends B>> change) {
        return new Iterator<>() {
            private Iterator<? extends B> some = Collections.emptyIterator();

            @Override
            public boolean hasNext() {
                while (!some.hasNext() && from.hasNext()) {
                    some = change.apply(from.next());
                }
                return some.hasNext();
            }

            @Override
            public B next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("nothing is left");
                }
                return some.next();
            }
        };
    }
}
