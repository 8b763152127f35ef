package io.github.dhf4j.tensor;

/**
 * Runs work with this library's class loader as the thread's context class loader, by which DJL finds engines and
 * natives. In a plug-in, a container or a pool's thread it is another, which may see neither.
 */
public final class OwnClassLoader {
    /**
     * Work that gives a result.
     *
     * @param <T> the result
     * @param <E> what it may throw
     */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        /**
         * Does the work.
         *
         * @return the result
         * @throws E as it says
         */
        T call() throws E;
    }

    private OwnClassLoader() {}

    /**
     * Does work.
     *
     * @param work is called once, in this thread
     * @param <T> the result
     * @param <E> what it may throw
     * @return what it returns
     * @throws E what it throws
     */
    public static <T, E extends Exception> T call(Work<T, E> work) throws E {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(OwnClassLoader.class.getClassLoader());
        try {
            return work.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
