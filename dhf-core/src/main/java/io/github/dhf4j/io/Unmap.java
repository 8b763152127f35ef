package io.github.dhf4j.io;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Gives a mapped range back at once instead of at some later collection. Java 17 has no public call for it; the one in
 * {@code jdk.unsupported} is used where it is there, and the collector does the work where it is not.
 */
final class Unmap {
    private static final @Nullable MethodHandle INVOKE_CLEANER = find();

    private Unmap() {}

    /** Unmaps; the buffer and every tensor that views it must not be touched again. */
    static void now(ByteBuffer mapped) {
        if (INVOKE_CLEANER != null) {
            try {
                INVOKE_CLEANER.invoke(mapped);
            } catch (Throwable e) {
                throw new IllegalStateException("unmapping a file range", e);
            }
        }
    }

    private static @Nullable MethodHandle find() {
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
}
