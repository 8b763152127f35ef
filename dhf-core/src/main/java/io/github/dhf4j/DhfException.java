package io.github.dhf4j;

/**
 * A failure of the tensor engine, with the stage it happened in.
 *
 * <p>The caller's slips are {@link IllegalArgumentException} or {@link IllegalStateException}, trouble with files is
 * {@link java.io.IOException}; this class is for what is left: the native library refused or broke.
 */
public final class DhfException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param stage what was being computed, in words
     * @param cause the engine's own exception
     */
    public DhfException(String stage, Throwable cause) {
        super(stage + ": " + cause.getMessage(), cause);
    }
}
