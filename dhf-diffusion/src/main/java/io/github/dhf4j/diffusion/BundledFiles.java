package io.github.dhf4j.diffusion;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** What the artifact dhf-tiny holds, which is nothing but resources. */
final class BundledFiles {
    private static final String FOLDER = "io/github/dhf4j/tiny/";

    private BundledFiles() {}

    static InputStream open(String name) throws IOException {
        InputStream in = find(BundledFiles.class.getClassLoader(), name);
        if (in == null) {
            in = find(Thread.currentThread().getContextClassLoader(), name);
        }
        if (in == null) {
            throw new IOException("the bundled pipeline must be on the class path, got no " + FOLDER + name
                    + "; add the artifact io.github.dhf4j:dhf-tiny, or give a model");
        }
        return in;
    }

    private static @Nullable InputStream find(@Nullable ClassLoader loader, String name) {
        return loader == null ? null : loader.getResourceAsStream(FOLDER + name);
    }
}
