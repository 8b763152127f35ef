package io.github.dhf4j.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** Checksums that tell a torn file from a whole one. */
public final class Checksums {
    private static final int CHUNK = 1 << 22;

    private Checksums() {}

    /**
     * CRC-32C of everything behind a safetensors header.
     *
     * @param path a safetensors file whose header is sound
     * @return hexadecimal digits
     * @throws IOException if it cannot be read
     */
    public static String ofTensors(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer head = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            while (head.hasRemaining() && channel.read(head, head.position()) >= 0) {
                // goes on until eight bytes are there
            }
            CRC32C checksum = new CRC32C();
            ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
            long at = 8 + head.flip().getLong();
            while (true) {
                int count = channel.read(buffer.clear(), at);
                if (count < 0) {
                    return Long.toHexString(checksum.getValue());
                }
                checksum.update(buffer.flip());
                at += count;
            }
        }
    }
}
