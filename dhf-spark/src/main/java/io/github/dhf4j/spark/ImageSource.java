package io.github.dhf4j.spark;

import io.github.dhf4j.image.ImageBytes;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.Digests;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** A picture before it is one: its path, and its bytes where they came along. The digest is known once it was read. */
final class ImageSource {
    private final String path;
    private final byte @Nullable [] content;
    private volatile @Nullable String digest;

    ImageSource(String path, byte @Nullable [] content) {
        this.path = path;
        this.content = content;
    }

    String path() {
        return path;
    }

    /** Of the file's bytes; null where they could not be read. */
    @Nullable
    String digest() {
        return digest;
    }

    /** Reads and decodes; on another thread than the task's. */
    RgbImage read(Configuration files) throws IOException {
        byte[] bytes = content != null ? content : bytes(path, files);
        digest = Digests.of(bytes);
        return RgbImage.read(bytes, path);
    }

    /** A file of any file system that Hadoop knows. */
    static byte[] bytes(String path, Configuration files) throws IOException {
        Path file = new Path(path);
        try (InputStream in = file.getFileSystem(files).open(file)) {
            return ImageBytes.of(in, path);
        }
    }
}
