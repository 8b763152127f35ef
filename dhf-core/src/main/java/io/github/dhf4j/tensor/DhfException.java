package io.github.dhf4j.tensor;

import io.github.dhf4j.io.Texts;

/**
 * A failure of the tensor engine, with the stage it happened in.
 *
 * <p>The caller's slips are {@link IllegalArgumentException} or {@link IllegalStateException}, trouble with files is
 * {@link java.io.IOException}; this class is for what is left: the native library refused or broke.
 */
public final class DhfException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception. Of the engine's message, which may run to a page, one line is shown; the cause has it whole.
     *
     * @param stage what was being computed, in words
     * @param cause the engine's own exception
     */
    public DhfException(String stage, Throwable cause) {
        this(cause, stage + ": " + line(cause));
    }

    private DhfException(Throwable cause, String message) {
        super(message, cause);
    }

    /**
     * An exception whose message says all.
     *
     * @param message what must be, what there is, and the remedy
     * @param cause the engine's own exception
     * @return the exception
     */
    public static DhfException saying(String message, Throwable cause) {
        return new DhfException(cause, message);
    }

    /** The first line, or the one with the error where a script's traceback comes before it. */
    private static String line(Throwable cause) {
        String message = cause.getMessage();
        return message == null
                ? Texts.reason(cause)
                : message.lines()
                        .filter(line -> line.startsWith("RuntimeError: "))
                        .findFirst()
                        .map(line -> Texts.reason(new IllegalStateException(line)))
                        .orElse(Texts.reason(cause));
    }
}
