package io.github.dhf4j.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.UnaryOperator;

/**
 * Ranges of one file as tensors. A tensor's range is mapped, copied or converted to native memory, and unmapped at
 * once, so that what stays resident is the tensors and not the file beside them.
 */
final class MappedTensors implements Closeable {
    private final Path path;
    private final FileChannel channel;

    MappedTensors(Path path) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, StandardOpenOption.READ);
    }

    long size() throws IOException {
        return channel.size();
    }

    /** A copy of a small range in the heap, little endian. */
    ByteBuffer bytes(long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new IOException("file must hold " + (offset + length) + " bytes, got " + channel.size() + " ("
                        + path + " was cut short); fetch it again");
            }
        }
        return buffer.flip();
    }

    NDArray read(TensorInfo info, long offset, NDManager manager, DataType wanted) throws IOException {
        DataType target = info.type().isFloat() ? wanted : info.type().engineType();
        if (info.bytes() == 0) {
            return manager.create(new Shape(info.dimensions()), target);
        }
        return view(
                info,
                offset,
                manager,
                info.type().engineType(),
                view -> view.getDataType() == target ? view.duplicate() : view.toType(target, true));
    }

    /** What is made of a tensor as it is stored; the bits of bfloat16 are under the type float16. */
    NDArray convert(TensorInfo info, long offset, NDManager manager, UnaryOperator<NDArray> conversion)
            throws IOException {
        DataType stored =
                info.type() == TensorType.BF16 ? DataType.FLOAT16 : info.type().engineType();
        if (info.bytes() == 0) {
            try (NDArray empty = manager.create(new Shape(info.dimensions()), stored)) {
                return conversion.apply(empty);
            }
        }
        return view(info, offset, manager, stored, conversion);
    }

    private NDArray view(
            TensorInfo info, long offset, NDManager manager, DataType stored, UnaryOperator<NDArray> conversion)
            throws IOException {
        Shape shape = new Shape(info.dimensions());
        if (info.type().engineType() == DataType.UNKNOWN) {
            throw new IOException("tensor type must be readable, got " + info + " (" + path + "); convert the file");
        }
        long length = info.bytes();
        if (length > Integer.MAX_VALUE) {
            throw new IOException("tensor must be below 2 GiB, got " + info + " (" + path + "); split it");
        }
        try {
            if (offset + length > channel.size()) {
                throw new IOException("file must hold " + (offset + length) + " bytes, got " + channel.size() + " ("
                        + path + " was cut short after it was opened); fetch it again");
            }
            try (MappedRange mapped = MappedRange.of(channel, offset, length)) {
                ByteBuffer data = info.type() == TensorType.BF16 && stored == DataType.FLOAT32
                        ? widen(mapped.buffer())
                        : mapped.buffer().slice();
                try (NDArray view = HostTensors.view(manager, data, shape, stored)) {
                    return conversion.apply(view);
                }
            }
        } catch (ClosedChannelException e) {
            throw new IOException("file must be open, got a read of " + info + " after close (" + path + ")", e);
        }
    }

    /** bfloat16 is the upper half of float32: shift each element up. */
    private static ByteBuffer widen(ByteBuffer mapped) {
        ByteBuffer halves = mapped.slice().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer wide = ByteBuffer.allocateDirect(Math.multiplyExact(mapped.capacity(), 2))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < halves.capacity(); i += 2) {
            wide.putInt(2 * i, halves.getShort(i) << 16);
        }
        return wide;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
