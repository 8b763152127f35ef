package io.github.dhf4j.tensor;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * While one is open, this thread's script calls are recorded, so that the same network classes that infer can be
 * trained: {@link #backward} then adds to the gradient of every leaf that requires one.
 *
 * <p>Tensors made outside, in inference mode, must be copied ({@link NDArray#duplicate()}) before they enter a recorded
 * call. A leaf must not be changed in place while one is open. Arrays made of Java memory (by {@code create}) must stay
 * open until {@link #backward} returns: what is recorded refers to that memory, which the collector frees once the array
 * is closed. For the same reason {@link NDArray}'s own arithmetic with numbers ({@code array.div(0.5f)}) must not be
 * recorded: it makes such an array of the number and closes it at once. Scripts take numbers as they are.
 */
public final class Autograd implements AutoCloseable {
    private static final ThreadLocal<Boolean> RECORDING = ThreadLocal.withInitial(() -> false);

    private final boolean before;

    private Autograd(boolean before) {
        this.before = before;
    }

    /**
     * Begins to record this thread's calls.
     *
     * @return closing it ends the recording
     * @throws IllegalStateException if this thread records already
     */
    public static Autograd record() {
        if (isRecording()) {
            throw new IllegalStateException("a thread must record once at a time, got a second recording");
        }
        Autograd autograd = new Autograd(JniUtils.isGradMode());
        JniUtils.setGradMode(true);
        // the optimiser rewrites what it may differentiate and then refuses changes in place; unrewritten, scripts run
        // as they are written
        JniUtils.setGraphExecutorOptimize(false);
        RECORDING.set(true);
        return autograd;
    }

    static boolean isRecording() {
        return RECORDING.get();
    }

    /**
     * Adds the gradients of a loss to the leaves it was made of, and frees what was recorded for it.
     *
     * @param loss one number; borrowed
     * @throws DhfException if the engine fails
     */
    public void backward(NDArray loss) {
        try (NDArray one = loss.onesLike()) {
            JniUtils.backward((PtNDArray) loss, (PtNDArray) one, false, false);
        } catch (EngineException e) {
            throw new DhfException("backward", e);
        }
    }

    @Override
    public void close() {
        RECORDING.set(false);
        JniUtils.setGraphExecutorOptimize(!"false".equals(System.getProperty("ai.djl.pytorch.graph_optimizer")));
        JniUtils.setGradMode(before);
    }

    /** A script call that keeps what {@link #backward} needs. */
    static IValue run(PtSymbolBlock block, String method, IValue... arguments) {
        return RecordedCall.run(block, method, arguments);
    }

    /**
     * The engine's JNI call takes a flag for training, which DJL's public form of it always leaves unset; this is the
     * same call with the flag set.
     */
    private static final class RecordedCall {
        private static final Object LIBRARY;
        private static final Method METHOD;
        private static final Constructor<IValue> VALUE;

        static {
            try {
                Class<?> type = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
                Field field = type.getDeclaredField("LIB");
                field.setAccessible(true);
                LIBRARY = field.get(null);
                METHOD = type.getDeclaredMethod(
                        "moduleRunMethod", long.class, String.class, long[].class, boolean.class, boolean.class);
                METHOD.setAccessible(true);
                VALUE = IValue.class.getDeclaredConstructor(long.class);
                VALUE.setAccessible(true);
            } catch (ReflectiveOperationException e) {
                throw new DhfException("training needs DJL's pytorch-engine 0.36, whose calls were not found", e);
            }
        }

        static IValue run(PtSymbolBlock block, String method, IValue... arguments) {
            long[] handles =
                    Arrays.stream(arguments).mapToLong(IValue::getHandle).toArray();
            try {
                return VALUE.newInstance(METHOD.invoke(LIBRARY, block.getHandle(), method, handles, true, false));
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof EngineException failure) {
                    throw failure;
                }
                throw new DhfException(method, e);
            } catch (ReflectiveOperationException e) {
                throw new DhfException(method, e);
            }
        }
    }
}
