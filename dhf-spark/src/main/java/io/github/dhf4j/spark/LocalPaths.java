package io.github.dhf4j.spark;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** Paths of rows, which may have a scheme, as paths of Java. */
final class LocalPaths {
    private LocalPaths() {}

    /** A local file, with or without {@code file:}; of another file system what looks like one. */
    static Path of(String path) {
        URI uri = new org.apache.hadoop.fs.Path(path).toUri();
        return Path.of("file".equals(uri.getScheme()) ? uri.getPath() : path);
    }

    /** What tells a local file from others, however it is named; of a file that is not there, or not local, its name. */
    static String key(String path) {
        Path local = of(path);
        try {
            return local.toRealPath().toString();
        } catch (IOException e) {
            return local.toString();
        }
    }
}
