package io.github.dhf4j.tensor;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * TorchScript source as callable methods: how fused operations that DJL has no call for (attention, group norm,
 * bilinear resize) reach the engine, the same on every device. The module holds no weights; one instance serves all
 * threads and lives as long as the JVM.
 *
 * <p>Methods run in inference mode, or recorded while this thread has an {@link Autograd} open. Intermediate tensors inside a method are freed by the engine as soon as they are
 * used up, so a method as large as a residual block is also the cheapest in native memory.
 */
public final class ScriptModule {
    private final List<Source> sources;
    private final @Nullable ScriptModule otherwise;
    private volatile @Nullable Compiled compiled;

    /** What the engine made of the sources, or of those to be used in their place. The model is kept: its end is the block's. */
    private record Compiled(Model model, PtSymbolBlock block, boolean first) {}

    /** A file beside a class. */
    private record Source(Class<?> owner, String resource) {
        static List<Source> of(Class<?> owner, String... resources) {
            return Arrays.stream(resources)
                    .map(resource -> new Source(owner, resource))
                    .toList();
        }
    }

    private ScriptModule(List<Source> sources, @Nullable ScriptModule otherwise) {
        this.sources = sources;
        this.otherwise = otherwise;
    }

    /**
     * Names TorchScript sources that lie beside a class. They are read and compiled at the first call of a method, so that
     * a class that holds the module loads without an engine; where that fails it is tried again at the next call.
     *
     * @param owner the class
     * @param resources the files' names; together they hold the methods of one class, indented by two spaces
     * @return the module, whose calls throw {@link DhfException} if the engine does not start or does not take the source
     */
    public static ScriptModule load(Class<?> owner, String... resources) {
        return new ScriptModule(Source.of(owner, resources), null);
    }

    /**
     * Names other sources for engines that do not take these.
     *
     * @param other with the same methods
     * @return a module that calls those that the engine takes
     */
    ScriptModule orElse(ScriptModule other) {
        return new ScriptModule(sources, other);
    }

    /**
     * Puts the layers that networks share before the sources: {@code conv} and {@code linear}, which take packed weights
     * where the engine has them (see {@link Packing}), {@code heads} and {@code attend}.
     *
     * @return a module that calls them, packed if the engine takes that
     */
    public ScriptModule withLayers() {
        return after("layers_packed.py", "attention.py").orElse(withPlainLayers());
    }

    /** The same as engines without packed weights have it. */
    ScriptModule withPlainLayers() {
        return after("layers_plain.py", "attention.py");
    }

    private ScriptModule after(String... layers) {
        return new ScriptModule(
                Stream.concat(Source.of(ScriptModule.class, layers).stream(), sources.stream())
                        .toList(),
                null);
    }

    /**
     * Whether the engine takes these sources, not those in their place. Compiles them if need be.
     *
     * @return false where the others are called
     * @throws DhfException if the engine does not start or takes neither
     */
    public boolean isFirstChoice() {
        return compiled().first();
    }

    private Compiled compiled() {
        Compiled found = compiled;
        return found != null ? found : compile();
    }

    private synchronized Compiled compile() {
        Compiled found = compiled;
        if (found == null) {
            Model model = TorchEngine.newModel("ops");
            try {
                load(model);
                found = new Compiled(model, (PtSymbolBlock) model.getBlock(), true);
            } catch (IOException | MalformedModelException | EngineException e) {
                model.close();
                if (otherwise == null) {
                    throw new DhfException("compiling " + name(), e);
                }
                LoggerFactory.getLogger(ScriptModule.class)
                        .debug("{} in place of {}, which this engine does not take", otherwise.name(), name(), e);
                Compiled others = otherwise.compiled();
                found = new Compiled(others.model(), others.block(), false);
            }
            compiled = found;
        }
        return found;
    }

    /** DJL makes an empty folder for a model of a stream, to be taken away where the JVM ends by itself: a killed one leaves it. */
    private void load(Model model) throws IOException, MalformedModelException {
        try {
            model.load(new ByteArrayInputStream(ScriptArchive.of(source())));
        } finally {
            Path folder = model.getModelPath();
            if (folder != null) {
                Files.deleteIfExists(folder);
            }
        }
    }

    private String source() throws IOException {
        StringBuilder methods = new StringBuilder();
        for (Source file : sources) {
            try (InputStream in = file.owner().getResourceAsStream(file.resource())) {
                if (in == null) {
                    throw new IOException(
                            "script must lie beside " + file.owner().getName() + ", got no " + file.resource());
                }
                methods.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return methods.toString();
    }

    private String name() {
        return sources.stream().map(Source::resource).collect(Collectors.joining(" + "));
    }

    /**
     * Runs a method that returns one tensor.
     *
     * @param manager owns the result, which the caller closes
     * @param method the method's name
     * @param arguments tensors ({@link NDArray}, borrowed), {@link TensorList}, {@code Integer}, {@code Double},
     *     {@code Boolean}, {@code long[]}
     * @return the result
     * @throws DhfException if the engine fails; the message holds the arguments' shapes
     */
    public NDArray run(NDManager manager, String method, Object... arguments) {
        IValue[] values = values(arguments);
        try (IValue result = call(method, values)) {
            return result.toTensor((PtNDManager) manager);
        } catch (EngineException e) {
            throw failure(method, arguments, e);
        } finally {
            release(arguments, values);
        }
    }

    /**
     * Runs a method that returns a list of tensors.
     *
     * @param manager owns the results, which the caller closes
     * @param method the method's name
     * @param arguments as for {@link #run}
     * @return the results
     * @throws DhfException if the engine fails
     */
    public NDArray[] runToArrays(NDManager manager, String method, Object... arguments) {
        IValue[] values = values(arguments);
        try (IValue result = call(method, values)) {
            return result.toTensorArray((PtNDManager) manager);
        } catch (EngineException e) {
            throw failure(method, arguments, e);
        } finally {
            release(arguments, values);
        }
    }

    /**
     * Runs a method that returns a list of tensors and keeps them on the engine's side.
     *
     * @param method the method's name
     * @param arguments as for {@link #run}
     * @return the results; the caller closes them
     * @throws DhfException if the engine fails
     */
    public TensorList runToList(String method, Object... arguments) {
        IValue[] values = values(arguments);
        try {
            return new TensorList(call(method, values));
        } catch (EngineException e) {
            throw failure(method, arguments, e);
        } finally {
            release(arguments, values);
        }
    }

    /**
     * Runs a method that returns a truth value.
     *
     * @param method the method's name
     * @param arguments as for {@link #run}
     * @return the result
     * @throws DhfException if the engine fails
     */
    public boolean test(String method, Object... arguments) {
        IValue[] values = values(arguments);
        try (IValue result = call(method, values)) {
            return result.toBoolean();
        } catch (EngineException e) {
            throw failure(method, arguments, e);
        } finally {
            release(arguments, values);
        }
    }

    private IValue call(String method, IValue[] values) {
        PtSymbolBlock block = compiled().block();
        int threads = EngineThreads.enter();
        try {
            return Autograd.isRecording()
                    ? Autograd.run(block, method, values)
                    : IValueUtils.runMethod(block, method, values);
        } finally {
            EngineThreads.leave(threads);
        }
    }

    private static IValue[] values(Object[] arguments) {
        IValue[] values = new IValue[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            Object argument = arguments[i];
            if (argument instanceof NDArray array) {
                values[i] = IValue.from((PtNDArray) array);
            } else if (argument instanceof TensorList list) {
                values[i] = list.value();
            } else if (argument instanceof Integer number) {
                values[i] = IValue.from(number.longValue());
            } else if (argument instanceof Double number) {
                values[i] = IValue.from(number.doubleValue());
            } else if (argument instanceof Boolean flag) {
                values[i] = IValue.from(flag.booleanValue());
            } else if (argument instanceof long[] numbers) {
                values[i] = IValue.listFrom(numbers);
            } else {
                throw new IllegalArgumentException(
                        "script argument must be a tensor, list, number or flag, got " + argument);
            }
        }
        return values;
    }

    private static void release(Object[] arguments, IValue[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!(arguments[i] instanceof TensorList)) {
                values[i].close();
            }
        }
    }

    private DhfException failure(String method, Object[] arguments, EngineException e) {
        String shapes = Arrays.stream(arguments)
                .map(a -> a instanceof NDArray array
                        ? array.getShape().toString()
                        : a instanceof TensorList ? "list" : String.valueOf(a))
                .collect(Collectors.joining(", "));
        return new DhfException(name() + " " + method + "(" + shapes + ")", e);
    }

    @Override
    public String toString() {
        return "ScriptModule(" + name() + ")";
    }
}
