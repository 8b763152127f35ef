package io.github.dhf4j.tensor;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The parameters of one block, declared in the order in which its script method takes them. */
public final class Parameters {
    /** One declared parameter. */
    record Entry(String key, long... dimensions) {}

    private final String prefix;
    private final List<Entry> entries = new ArrayList<>();
    private volatile @Nullable TensorList bound;
    private @Nullable UnaryOperator<TensorList> pending;

    Parameters(String prefix) {
        this.prefix = prefix;
    }

    /**
     * Declares one tensor.
     *
     * @param name its key after the prefix
     * @param dimensions its shape
     * @return this
     */
    public Parameters tensor(String name, long... dimensions) {
        entries.add(new Entry(prefix + name, dimensions));
        return this;
    }

    /**
     * Declares {@code name.weight} and {@code name.bias} of a norm.
     *
     * @param name the layer's key after the prefix
     * @param channels its width
     * @return this
     */
    public Parameters norm(String name, long channels) {
        return tensor(name + ".weight", channels).tensor(name + ".bias", channels);
    }

    /**
     * Declares {@code name.weight} and {@code name.bias} of a linear layer.
     *
     * @param name the layer's key after the prefix
     * @param out its output width
     * @param in its input width
     * @return this
     */
    public Parameters linear(String name, long out, long in) {
        return tensor(name + ".weight", out, in).tensor(name + ".bias", out);
    }

    /**
     * Declares {@code name.weight} and {@code name.bias} of a convolution.
     *
     * @param name the layer's key after the prefix
     * @param out its output channels
     * @param in its input channels
     * @param kernel its kernel's side
     * @return this
     */
    public Parameters conv(String name, long out, long in, long kernel) {
        return tensor(name + ".weight", out, in, kernel, kernel).tensor(name + ".bias", out);
    }

    /**
     * Goes on with another block's parameters, in the same list.
     *
     * @param inner what the further keys begin with, after this list's prefix
     * @param declaration adds them
     * @return this
     */
    public Parameters nested(String inner, java.util.function.Consumer<Parameters> declaration) {
        Parameters part = new Parameters(prefix + inner);
        declaration.accept(part);
        entries.addAll(part.entries);
        return this;
    }

    List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    /**
     * The tensors, for a script call.
     *
     * @return the list, owned by the weights
     * @throws IllegalStateException before the weights were loaded or after they were closed
     */
    public TensorList tensors() {
        TensorList list = bound;
        if (list == null) {
            throw new IllegalStateException(
                    "weights must be loaded and open, got a use of '" + prefix + "*' before load or after close");
        }
        return list;
    }

    /**
     * The places of some tensors in the list.
     *
     * @param wanted tells by shape
     * @return their indices, ascending
     */
    public long[] indicesOf(Predicate<Shape> wanted) {
        return IntStream.range(0, entries.size())
                .filter(i -> wanted.test(new Shape(entries.get(i).dimensions())))
                .asLongStream()
                .toArray();
    }

    /**
     * Puts other tensors in place, such as the same weights packed for a device, and frees those that were there. No
     * other thread may be using them.
     *
     * @param tensors what the script method is given from now on; owned by the weights from now on
     */
    public void replace(TensorList tensors) {
        TensorList before = tensors();
        bound = tensors;
        before.close();
    }

    /**
     * Puts other tensors in place of those that are read: as soon as they are, or at once if they are there.
     *
     * @param layout makes them of those that are read; see {@link #replace}
     */
    void layOut(UnaryOperator<TensorList> layout) {
        if (bound == null) {
            pending = layout;
        } else {
            replace(layout.apply(tensors()));
        }
    }

    void bind(TensorList tensors) {
        bound = tensors;
        UnaryOperator<TensorList> layout = pending;
        if (layout != null) {
            pending = null;
            replace(layout.apply(tensors));
        }
    }

    void release() {
        TensorList list = bound;
        bound = null;
        if (list != null) {
            list.close();
        }
    }
}
