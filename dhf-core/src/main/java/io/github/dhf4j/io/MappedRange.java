package io.github.dhf4j.io;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * A range of a file mapped for reading, given back at once when this is closed instead of at some later collection. From
 * Java 22 on the range is mapped into an arena that is closed; before, there is no public call for it, so the one in
 * {@code jdk.unsupported} is used where it is there, and the collector does the work where it is not. For the thread that
 * mapped it.
 */
final class MappedRange implements AutoCloseable {
    private static final @Nullable Arenas ARENAS = Runtime.version().feature() >= 22 ? Arenas.find() : null;
    private static final @Nullable MethodHandle INVOKE_CLEANER = ARENAS == null ? invokeCleaner() : null;

    private final @Nullable Object arena;
    private final ByteBuffer buffer;

    private MappedRange(@Nullable Object arena, ByteBuffer buffer) {
        this.arena = arena;
        this.buffer = buffer;
    }

    static MappedRange of(FileChannel channel, long offset, long length) throws IOException {
        if (ARENAS == null) {
            return new MappedRange(null, channel.map(FileChannel.MapMode.READ_ONLY, offset, length));
        }
        Object arena = ARENAS.openArena();
        try {
            return new MappedRange(arena, ARENAS.mapInto(arena, channel, offset, length));
        } catch (IOException | RuntimeException e) {
            ARENAS.closeArena(arena);
            throw e;
        }
    }

    /** The whole range; neither it nor a tensor that views it must be touched after {@link #close}. */
    ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public void close() {
        if (ARENAS != null && arena != null) {
            ARENAS.closeArena(arena);
        } else if (INVOKE_CLEANER != null) {
            try {
                INVOKE_CLEANER.invoke(buffer);
            } catch (Throwable e) {
                throw new IllegalStateException("unmapping a file range", e);
            }
        }
    }

    private static @Nullable MethodHandle invokeCleaner() {
        try {
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            var field = unsafe.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return MethodHandles.lookup()
                    .findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
                    .bindTo(field.get(null));
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    /** The calls of {@code java.lang.foreign}, which Java 17 does not have. */
    private record Arenas(MethodHandle open, MethodHandle map, MethodHandle asByteBuffer, MethodHandle close) {
        static @Nullable Arenas find() {
            try {
                Class<?> arena = Class.forName("java.lang.foreign.Arena");
                Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
                Lookup lookup = MethodHandles.publicLookup();
                return new Arenas(
                        lookup.findStatic(arena, "ofConfined", MethodType.methodType(arena)),
                        lookup.findVirtual(
                                FileChannel.class,
                                "map",
                                MethodType.methodType(
                                        segment, FileChannel.MapMode.class, long.class, long.class, arena)),
                        lookup.findVirtual(segment, "asByteBuffer", MethodType.methodType(ByteBuffer.class)),
                        lookup.findVirtual(arena, "close", MethodType.methodType(void.class)));
            } catch (ReflectiveOperationException e) {
                return null;
            }
        }

        Object openArena() {
            try {
                return open.invoke();
            } catch (Throwable e) {
                throw new IllegalStateException("opening an arena", e);
            }
        }

        ByteBuffer mapInto(Object arena, FileChannel channel, long offset, long length) throws IOException {
            try {
                Object segment = map.invoke(channel, FileChannel.MapMode.READ_ONLY, offset, length, arena);
                return (ByteBuffer) asByteBuffer.invoke(segment);
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("mapping a file range", e);
            }
        }

        void closeArena(Object arena) {
            try {
                close.invoke(arena);
            } catch (Throwable e) {
                throw new IllegalStateException("unmapping a file range", e);
            }
        }
    }
}
