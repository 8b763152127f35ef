package io.github.dhf4j.cli;

import java.io.PrintWriter;
import java.util.Locale;

/** Prints numbers the same way under every locale. */
final class ConsoleWriter extends PrintWriter {
    ConsoleWriter(PrintWriter to) {
        super(to, true);
    }

    /** Also what {@link #printf(String, Object...)} calls. */
    @Override
    public PrintWriter format(String format, Object... values) {
        return super.format(Locale.ROOT, format, values);
    }
}
