package io.github.dhf4j.io;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

/**
 * Reads a torch pickle: dicts, lists, tuples, numbers, strings, truth values and tensors. A global that is not one of
 * torch's tensor builders, its storages or an ordered dictionary is refused by name before anything is built; so is
 * every instruction that could make another object.
 */
final class RestrictedUnpickler extends Unpickler {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_VALUES = 5_000_000;
    private static final int MAX_NUMBER_BYTES = 255;

    private int left = MAX_VALUES;

    /** The arguments of a training script, which many keep beside the weights; read as an empty dictionary. */
    private static final Object NAMESPACE = new Object();

    /** A storage as the pickle names it: the element type and the name of the zip entry with the data. */
    record Storage(TensorType type, String key, long elements) {}

    /** A tensor as the pickle builds it: a view of a storage, offset and strides in elements. */
    record TensorView(Storage storage, long offset, long[] dimensions, long[] strides) {}

    private record StorageType(TensorType type) {}

    static Object load(byte[] pickle) throws IOException {
        return loadNext(new ByteArrayInputStream(pickle));
    }

    /** Reads one pickle of several that follow one another; the stream is left behind it. */
    static Object loadNext(ByteArrayInputStream pickles) throws IOException {
        RestrictedUnpickler unpickler = new RestrictedUnpickler();
        try {
            return unpickler.load(pickles);
        } catch (PickleException e) {
            throw new IOException(Texts.reason(e), e);
        } catch (RuntimeException | StackOverflowError e) {
            throw new IOException("a broken pickle, " + Texts.reason(e), e);
        } finally {
            unpickler.close();
        }
    }

    @Override
    protected Object dispatch(short key) throws PickleException, IOException {
        spend(1);
        switch (key) {
            case Opcodes.GLOBAL -> stack.add(global(PickleUtils.readline(input), PickleUtils.readline(input)));
            case Opcodes.STACK_GLOBAL -> {
                Object name = stack.pop();
                Object module = stack.pop();
                stack.add(global(module, name));
            }
            case Opcodes.REDUCE -> {
                Object arguments = stack.pop();
                Object callable = stack.pop();
                if (!(callable instanceof IObjectConstructor constructor) || !(arguments instanceof Object[] values)) {
                    throw new PickleException("call of " + describe(callable) + " refused");
                }
                stack.add(constructor.construct(values));
            }
            case Opcodes.BUILD -> {
                // torch writes the attributes of an OrderedDict (_metadata) this way, training scripts those of their
                // arguments: known and not wanted
                stack.pop();
                if (!(stack.peek() instanceof Map)) {
                    throw new PickleException("attributes for " + describe(stack.peek()) + " refused");
                }
            }
            case Opcodes.SETITEM -> {
                Object value = stack.pop();
                Object name = stack.pop();
                put(stack.peek(), name, value);
            }
            case Opcodes.SETITEMS -> {
                List<Object> items = stack.pop_all_since_marker();
                putAll(stack.peek(), items);
            }
            case Opcodes.DICT -> {
                Map<Object, Object> map = new HashMap<>();
                putAll(map, stack.pop_all_since_marker());
                stack.add(map);
            }
            case Opcodes.NEWOBJ -> {
                Object arguments = stack.pop();
                if (stack.pop() != NAMESPACE || !(arguments instanceof Object[] none) || none.length > 0) {
                    throw new PickleException("a new object that is no argparse.Namespace refused");
                }
                stack.add(new LinkedHashMap<>());
            }
            case Opcodes.INST,
                    Opcodes.OBJ,
                    Opcodes.NEWOBJ_EX,
                    Opcodes.EXT1,
                    Opcodes.EXT2,
                    Opcodes.EXT4,
                    Opcodes.PERSID,
                    Opcodes.EMPTY_SET,
                    Opcodes.ADDITEMS,
                    Opcodes.FROZENSET,
                    Opcodes.NEXT_BUFFER ->
                throw new PickleException("instruction " + Integer.toHexString(key) + " builds objects: refused");
            case Opcodes.BINSTRING, Opcodes.BINUNICODE, Opcodes.BINBYTES -> {
                checkLength(4, Long.MAX_VALUE);
                return super.dispatch(key);
            }
            case Opcodes.LONG4 -> {
                checkLength(4, MAX_NUMBER_BYTES);
                return super.dispatch(key);
            }
            case Opcodes.BINUNICODE8, Opcodes.BINBYTES8, Opcodes.BYTEARRAY8, Opcodes.FRAME -> {
                checkLength(8, Long.MAX_VALUE);
                return super.dispatch(key);
            }
            case Opcodes.INT, Opcodes.LONG, Opcodes.FLOAT, Opcodes.GET, Opcodes.PUT -> {
                checkNumberLine();
                return super.dispatch(key);
            }
            default -> {
                return super.dispatch(key);
            }
        }
        return NO_RETURN_VALUE;
    }

    /** A short pickle can build much by repeating itself: what it builds is counted. */
    private void spend(int values) {
        left -= values;
        if (left < 0) {
            throw new PickleException("more than " + MAX_VALUES + " values");
        }
    }

    private void putAll(Object map, List<Object> items) {
        for (int i = 0; i + 1 < items.size(); i += 2) {
            put(map, items.get(i), items.get(i + 1));
        }
    }

    /** Keys are texts, numbers or truth values: hashing a list goes through all of it, and one that holds itself has no hash. */
    private void put(Object map, Object key, Object value) {
        if (!(map instanceof Map)) {
            throw new PickleException("item for " + describe(map) + " refused");
        }
        if (!(key instanceof String || key instanceof Number || key instanceof Boolean)) {
            throw new PickleException("key that is " + describe(key) + " refused");
        }
        spend(1);
        @SuppressWarnings("unchecked")
        Map<Object, Object> values = (Map<Object, Object>) map;
        values.put(key, value);
    }

    /** Digits of a number in words are turned into a number in quadratic time. */
    private void checkNumberLine() throws IOException {
        input.mark(4 * MAX_NUMBER_BYTES);
        byte[] bytes = input.readNBytes(4 * MAX_NUMBER_BYTES);
        input.reset();
        for (byte one : bytes) {
            if (one == '\n') {
                return;
            }
        }
        throw new PickleException("number of more than " + bytes.length + " digits");
    }

    /** A length that is longer than the rest of the pickle is a lie; believing it would allocate it. */
    private void checkLength(int width, long most) throws IOException {
        input.mark(16);
        byte[] bytes = input.readNBytes(width);
        input.reset();
        if (bytes.length < width) {
            throw new PickleException("pickle ends within a length");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long length = width == 4 ? Integer.toUnsignedLong(buffer.getInt()) : buffer.getLong();
        if (length > most && length <= input.available()) {
            throw new PickleException("number of " + length + " bytes refused");
        }
        if (length < 0 || length > input.available()) {
            throw new PickleException("length " + Long.toUnsignedString(length) + " is longer than the pickle");
        }
    }

    @Override
    protected Object persistentLoad(Object id) {
        if (id instanceof Object[] parts
                && parts.length >= 5
                && "storage".equals(parts[0])
                && parts[1] instanceof StorageType type
                && parts[2] instanceof String key
                && parts[4] instanceof Number elements) {
            return new Storage(type.type(), key, elements.longValue());
        }
        throw new PickleException("persistent id is no torch storage: refused");
    }

    private Object global(Object module, Object name) {
        if (!(module instanceof String) || !(name instanceof String)) {
            throw new PickleException("global without a name refused");
        }
        String full = module + "." + name;
        return switch (full) {
            case "collections.OrderedDict", "collections.Counter" -> (IObjectConstructor) this::orderedDict;
            case "argparse.Namespace" -> NAMESPACE;
            case "torch._utils._rebuild_tensor_v2" -> (IObjectConstructor) RestrictedUnpickler::tensor;
            case "torch._utils._rebuild_parameter" -> (IObjectConstructor) arguments -> arguments[0];
            case "torch.FloatStorage" -> new StorageType(TensorType.F32);
            case "torch.DoubleStorage" -> new StorageType(TensorType.F64);
            case "torch.HalfStorage" -> new StorageType(TensorType.F16);
            case "torch.BFloat16Storage" -> new StorageType(TensorType.BF16);
            case "torch.LongStorage" -> new StorageType(TensorType.I64);
            case "torch.IntStorage" -> new StorageType(TensorType.I32);
            case "torch.ByteStorage" -> new StorageType(TensorType.U8);
            case "torch.BoolStorage" -> new StorageType(TensorType.BOOL);
            default ->
                throw new PickleException(
                        "global '" + Texts.shown(full) + "' is not on the list of what a checkpoint may hold");
        };
    }

    private Object orderedDict(Object[] arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (arguments.length == 1 && arguments[0] instanceof List<?> pairs) {
            for (Object pair : pairs) {
                List<?> item = pair instanceof Object[] array ? Arrays.asList(array) : (List<?>) pair;
                put(map, item.get(0), item.get(1));
            }
        } else if (arguments.length == 1 && arguments[0] instanceof Map<?, ?> counts) {
            return counts;
        } else if (arguments.length > 0) {
            throw new PickleException("OrderedDict of " + arguments.length + " arguments refused");
        }
        return map;
    }

    private static Object tensor(Object[] arguments) {
        if (arguments.length < 4
                || !(arguments[0] instanceof Storage storage)
                || !(arguments[2] instanceof Object[] sizes)
                || !(arguments[3] instanceof Object[] strides)
                || sizes.length != strides.length
                || sizes.length > 16) {
            throw new PickleException("tensor is not built of storage, offset, size and stride");
        }
        return new TensorView(storage, whole(arguments[1]), longs(sizes), longs(strides));
    }

    private static long[] longs(Object[] values) {
        long[] longs = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            longs[i] = whole(values[i]);
        }
        return longs;
    }

    private static long whole(Object value) {
        if (!(value instanceof Integer || value instanceof Long) || ((Number) value).longValue() < 0) {
            throw new PickleException("tensor offset, size or stride is no number of elements: " + Texts.shown(value));
        }
        return ((Number) value).longValue();
    }

    private static String describe(Object value) {
        return value == null ? "nothing" : value.getClass().getSimpleName();
    }

    /**
     * Plain Java values of what was read: maps with string keys, lists, numbers, strings, truth values, tensor views.
     * Tuples become lists. Anything that holds itself, nests deeper or has more values than a checkpoint is refused: a
     * short pickle can name one list a million times inside another that is named a million times.
     */
    static Object plain(Object value) throws IOException {
        return plain(value, 0, new AtomicInteger(MAX_VALUES));
    }

    private static Object plain(Object value, int depth, AtomicInteger left) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new IOException("values nest deeper than " + MAX_DEPTH);
        }
        if (left.decrementAndGet() < 0) {
            throw new IOException("more than " + MAX_VALUES + " values");
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> result = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                result.put(String.valueOf(entry.getKey()), plain(entry.getValue(), depth + 1, left));
            }
            return result;
        }
        if (value instanceof Object[] || value instanceof List) {
            List<Object> result = new ArrayList<>();
            for (Object item : value instanceof Object[] array ? Arrays.asList(array) : (List<?>) value) {
                result.add(plain(item, depth + 1, left));
            }
            return result;
        }
        return value;
    }
}
