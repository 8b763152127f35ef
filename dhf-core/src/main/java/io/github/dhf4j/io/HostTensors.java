package io.github.dhf4j.io;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;

/**
 * The one way of numbers between Java's memory and tensors. On a GPU each call waits for the device, so that a process has
 * them before and after its loop and not inside: they are counted, in the whole JVM. What training reads at each step goes
 * its own way. Safe for several threads.
 */
public final class HostTensors {
    private static final LongAdder TO_TENSORS = new LongAdder();
    private static final LongAdder TO_HOST = new LongAdder();

    private HostTensors() {}

    /**
     * How often numbers went over.
     *
     * @param toTensors from Java to a tensor, weights of files included
     * @param toHost from a tensor to Java
     */
    public record Transfers(long toTensors, long toHost) {
        /**
         * What has gone over since an earlier count.
         *
         * @param before the earlier count
         * @return the differences
         */
        public Transfers since(Transfers before) {
            return new Transfers(toTensors - before.toTensors, toHost - before.toHost);
        }
    }

    /**
     * The count so far.
     *
     * @return of all threads, since the JVM's start
     */
    public static Transfers transfers() {
        return new Transfers(TO_TENSORS.sum(), TO_HOST.sum());
    }

    /**
     * Numbers as a tensor.
     *
     * @param owner owns the result, and says on which device
     * @param values row by row; copied
     * @param shape of as many elements
     * @return float32
     */
    public static NDArray of(NDManager owner, float[] values, Shape shape) {
        TO_TENSORS.increment();
        return owner.create(values, shape);
    }

    /**
     * Token ids as a tensor.
     *
     * @param owner owns the result, and says on which device
     * @param rows of equal lengths; copied
     * @return int64 (rows, length)
     */
    public static NDArray of(NDManager owner, long[][] rows) {
        TO_TENSORS.increment();
        return owner.create(rows);
    }

    /**
     * Bytes as a tensor.
     *
     * @param owner owns the result, and says on which device
     * @param bytes little endian; looked at and not copied where the device is the CPU, so they must outlive the result
     * @param shape of as many elements
     * @param type of the elements
     * @return the tensor
     */
    public static NDArray view(NDManager owner, ByteBuffer bytes, Shape shape, DataType type) {
        TO_TENSORS.increment();
        return owner.create(bytes, shape, type);
    }

    /**
     * The numbers of a tensor.
     *
     * @param tensor float32 of any shape, borrowed
     * @return row by row
     */
    public static float[] floats(NDArray tensor) {
        float[] values = new float[Math.toIntExact(tensor.size())];
        bytes(tensor).asFloatBuffer().get(values);
        return values;
    }

    /**
     * The number of a tensor.
     *
     * @param tensor float32 of one element, borrowed
     * @return the element
     */
    public static float number(NDArray tensor) {
        return bytes(tensor).getFloat();
    }

    /**
     * The bytes of a tensor. A copy from another device does not stay behind in the tensor's manager, as DJL's would.
     *
     * @param tensor of any type that DJL knows, borrowed
     * @return in memory of the heap, in this machine's byte order
     */
    public static ByteBuffer bytes(NDArray tensor) {
        TO_HOST.increment();
        NDArray host = tensor.toDevice(Device.cpu(), false);
        try {
            return host.toByteBuffer();
        } finally {
            if (host != tensor) {
                host.close();
            }
        }
    }

    /**
     * A tensor where another part of the work is done.
     *
     * @param tensor borrowed
     * @param device where it is needed
     * @return the tensor itself if it is there, else a copy, attached to its manager
     */
    public static NDArray onto(NDArray tensor, Device device) {
        if (tensor.getDevice().equals(device)) {
            return tensor;
        }
        TO_HOST.increment();
        TO_TENSORS.increment();
        return tensor.toDevice(device, false);
    }
}
