package io.github.dhf4j.io;

import java.io.IOException;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Uncompressed zip entries, as torch writes and wants them. */
public final class StoredZip {
    private StoredZip() {}

    /**
     * Adds an entry; its time is fixed, so that equal content gives equal bytes.
     *
     * @param zip where to, borrowed
     * @param name the entry's name
     * @param content its bytes
     * @throws IOException if it cannot be written
     */
    public static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc.getValue());
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
