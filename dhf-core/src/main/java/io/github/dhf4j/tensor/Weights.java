package io.github.dhf4j.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TensorInfo;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one network: first declared by the network's classes, key by key with shapes, then compared with the
 * file as a whole, and only then read, each tensor once, into native memory.
 *
 * <p>Every key of the file is used, or {@link #check} names it. A wrapper's prefix, such as {@code module.}, is passed over
 * where the declared keys are found behind it.
 */
public final class Weights implements AutoCloseable {
    private static final int MAX_WRAPPERS = 50;

    private final @Nullable TensorFile source;
    private final List<Parameters> lists = new ArrayList<>();
    private final Map<String, String> oldNames = new LinkedHashMap<>();
    private String wrapper = "";
    private @Nullable Boolean channelsLast;
    private boolean closed;

    /**
     * Begins a declaration.
     *
     * @param file where the weights are; borrowed until {@link #load} returns
     */
    public Weights(TensorFile file) {
        this.source = file;
    }

    private Weights() {
        this.source = null;
    }

    /**
     * Begins a declaration without weights, to learn what a network's file must hold.
     *
     * @return weights that can be declared and asked for their {@link #shapes}, nothing else
     */
    public static Weights withoutFile() {
        return new Weights();
    }

    /**
     * What was declared.
     *
     * @return the shape of each key, in the order of the declaration
     */
    public Map<String, long[]> shapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        lists.forEach(list -> list.entries()
                .forEach(entry -> shapes.put(entry.key(), entry.dimensions().clone())));
        return shapes;
    }

    private TensorFile file() {
        if (source == null) {
            throw new IllegalStateException("weights must come from a file, got a declaration without one");
        }
        return source;
    }

    /**
     * Accepts a part of a key by an older name too.
     *
     * @param now the part as diffusers writes it today, such as {@code .to_q.}
     * @param before the part as it was, such as {@code .query.}; empty where it may be left out
     * @return this
     */
    public Weights alsoKnownAs(String now, String before) {
        oldNames.put(now, before);
        return this;
    }

    /**
     * Declares the parameters of one block, in the order in which its script method takes them.
     *
     * @param prefix what their keys begin with, the last dot included
     * @return an empty list to add to
     */
    public Parameters under(String prefix) {
        Parameters list = new Parameters(prefix);
        lists.add(list);
        return list;
    }

    /**
     * Compares what was declared with what the file has.
     *
     * @param ignored keys that files carry and inference does not need, without a wrapper's prefix; one that ends with a
     *     dot stands for all keys that begin with it
     * @throws IOException naming keys that are missing, left over, or of another shape
     */
    public void check(Set<String> ignored) throws IOException {
        wrapper = findWrapper();
        Set<String> used = new HashSet<>();
        List<String> missing = new ArrayList<>();
        List<String> unfit = new ArrayList<>();
        for (Parameters list : lists) {
            for (Parameters.Entry entry : list.entries()) {
                TensorInfo info = file().tensors().get(resolve(entry.key()));
                if (info == null) {
                    missing.add(entry.key());
                    continue;
                }
                used.add(info.name());
                if (!sameShape(info.dimensions(), entry.dimensions())
                        || !info.type().isFloat()) {
                    unfit.add("'" + info.name() + "' must be of floats " + Arrays.toString(entry.dimensions())
                            + " by the configuration, got " + info);
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new IOException("weights must have every key of the network, got none for " + Texts.some(missing)
                    + " (" + file().path() + "); configuration and weights must be of one model");
        }
        List<String> left = file().tensors().keySet().stream()
                .filter(name -> !used.contains(name) && !isIgnored(name, ignored))
                .toList();
        if (!left.isEmpty()) {
            throw new IOException("weights must have no key the network does not know, got " + Texts.some(left) + " ("
                    + file().path() + "); this model has parts that this library does not support");
        }
        if (!unfit.isEmpty()) {
            throw new IOException(
                    "tensor " + unfit.get(0) + (unfit.size() > 1 ? ", and " + (unfit.size() - 1) + " more" : "") + " ("
                            + file().path() + "); configuration and weights must be of one model");
        }
    }

    /**
     * How many numbers were declared.
     *
     * @return elements of all parameters
     */
    public long parameterCount() {
        return lists.stream()
                .flatMap(list -> list.entries().stream())
                .mapToLong(entry -> Arrays.stream(entry.dimensions()).reduce(1, Math::multiplyExact))
                .sum();
    }

    /**
     * Chooses how weights of convolutions lie in memory, whatever {@link Devices#channelsLast} says; their shapes stay.
     *
     * @param last whether channels come last
     * @return this
     */
    public Weights channelsLast(boolean last) {
        channelsLast = last;
        return this;
    }

    /**
     * Reads every declared tensor. Beyond the weights themselves a tensor at a time is in memory.
     *
     * @param manager gives the device; nothing stays attached to it
     * @param type what to read them as, cast on the device: {@code FLOAT32}, {@code FLOAT16} or {@code BFLOAT16}
     * @throws IOException if the file cannot be read or a tensor holds NaN or infinity
     */
    public void load(NDManager manager, DataType type) throws IOException {
        load(manager, type, key -> true);
    }

    /**
     * Reads the tensors of some blocks; others cannot be used.
     *
     * @param manager gives the device; nothing stays attached to it
     * @param type what to read them as: {@code FLOAT32}, {@code FLOAT16} or {@code BFLOAT16}
     * @param wanted which blocks, by the first key of each
     * @throws IOException if the file cannot be read or a tensor holds NaN or infinity
     */
    public void load(NDManager manager, DataType type, Predicate<String> wanted) throws IOException {
        boolean last = channelsLast != null ? channelsLast : Devices.channelsLast(manager.getDevice(), type);
        try (NDManager reading = manager.newSubManager()) {
            WeightReader reader = new WeightReader(file(), reading, type, last);
            for (Parameters list : lists) {
                if (!list.entries().isEmpty()
                        && !wanted.test(list.entries().get(0).key())) {
                    continue;
                }
                List<String> names = new ArrayList<>();
                NDArray[] arrays = new NDArray[list.entries().size()];
                for (int i = 0; i < arrays.length; i++) {
                    Parameters.Entry entry = list.entries().get(i);
                    names.add(resolve(entry.key()));
                    arrays[i] = reader.read(names.get(i), new Shape(entry.dimensions()));
                }
                reader.requireFinite(names, arrays);
                TensorList tensors = TensorList.of(arrays);
                for (NDArray array : arrays) {
                    array.close();
                }
                list.bind(tensors);
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Takes arrays in place of a file's, such as to train them: script calls see every later change of them.
     *
     * @param arrays float32 for each declared key, of its shape; borrowed, must live as long as the weights are used
     * @throws IllegalArgumentException naming a key that is missing or of another shape
     */
    public void use(Map<String, NDArray> arrays) {
        for (Parameters list : lists) {
            NDArray[] bound = new NDArray[list.entries().size()];
            for (int i = 0; i < bound.length; i++) {
                Parameters.Entry entry = list.entries().get(i);
                NDArray array = arrays.get(entry.key());
                Shape declared = new Shape(entry.dimensions());
                if (array == null || !array.getShape().equals(declared)) {
                    throw new IllegalArgumentException("weights must have '" + entry.key() + "' " + declared + ", got "
                            + (array == null ? "none" : array.getShape()));
                }
                bound[i] = array;
            }
            list.bind(TensorList.of(bound));
        }
    }

    private boolean isIgnored(String name, Set<String> ignored) {
        String key = name.startsWith(wrapper) ? name.substring(wrapper.length()) : name;
        return ignored.contains(key) || ignored.stream().anyMatch(one -> one.endsWith(".") && key.startsWith(one));
    }

    /** What is before the declared keys in the file: of several prefixes the one with most of them, then the shortest. */
    private String findWrapper() {
        List<String> keys = lists.stream()
                .flatMap(list -> list.entries().stream())
                .map(Parameters.Entry::key)
                .toList();
        if (keys.isEmpty()) {
            return "";
        }
        Set<String> prefixes =
                new TreeSet<>(Comparator.comparing(String::length).thenComparing(name -> name));
        prefixes.add("");
        for (String key : List.of(keys.get(0), keys.get(keys.size() - 1))) {
            for (String form : forms(key)) {
                for (String name : file().tensors().keySet()) {
                    if (name.endsWith("." + form)) {
                        prefixes.add(name.substring(0, name.length() - form.length()));
                    }
                }
            }
        }
        String best = "";
        long most = -1;
        for (String prefix : prefixes.stream().limit(MAX_WRAPPERS).toList()) {
            long found = keys.stream()
                    .filter(key -> file().tensors().containsKey(resolve(prefix, key)))
                    .count();
            if (found > most) {
                best = prefix;
                most = found;
            }
        }
        return best;
    }

    private String resolve(String key) {
        return resolve(wrapper, key);
    }

    private String resolve(String prefix, String key) {
        for (String form : forms(key)) {
            if (file().tensors().containsKey(prefix + form)) {
                return prefix + form;
            }
        }
        return prefix + key;
    }

    /** A key as it is written today, then as it may have been before. */
    private List<String> forms(String key) {
        List<String> forms = new ArrayList<>(List.of(key));
        oldNames.forEach((now, before) -> {
            if (key.contains(now)) {
                forms.add(key.replace(now, before));
            }
        });
        return forms;
    }

    /** Shapes that differ by ones at the end hold the same numbers: a 1x1 convolution and a linear layer. */
    private static boolean sameShape(long[] found, long[] declared) {
        int length = Math.max(found.length, declared.length);
        for (int i = 0; i < length; i++) {
            if ((i < found.length ? found[i] : 1) != (i < declared.length ? declared[i] : 1)) {
                return false;
            }
        }
        return true;
    }

    /** Frees the weights; the network cannot be run any more. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            lists.forEach(Parameters::release);
        }
    }
}
