package io.github.dhf4j.io;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files and folders that will be moved to where they belong, {@code .NAME.PLACE-PROCESS-RANDOM.tmp}: the name says whose they are, so that those of
 * a process that was killed can be told from those of one that writes. A process number counts only in its own place, which is
 * the boot and the process namespace where there are such, since machines and containers may share a folder.
 */
final class TemporaryFiles {
    private static final Logger LOG = LoggerFactory.getLogger(TemporaryFiles.class);
    private static final Pattern NAME = Pattern.compile("\\..*\\.([0-9a-f]{8})-([0-9]{1,18})-[0-9a-z]+\\.tmp");

    /** Whose owner cannot be asked is left alone for as long. */
    private static final Duration LEFT_ALONE = Duration.ofDays(1);

    private static final String PLACE = place();
    private static final Set<Path> SWEPT = ConcurrentHashMap.newKeySet();

    private TemporaryFiles() {}

    /** Makes a file or folder. */
    private interface Maker {
        Path make(Path path) throws IOException;
    }

    /** An empty file beside another. */
    static Path file(Path target) throws IOException {
        return make(target, Files::createFile);
    }

    /** An empty folder beside another. */
    static Path folder(Path target) throws IOException {
        return make(target, Files::createDirectory);
    }

    /** The first in a folder takes away what killed processes left there. */
    private static Path make(Path target, Maker maker) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null && SWEPT.add(folder)) {
            sweep(folder);
        }
        String owner = "." + Texts.lastName(target) + "." + PLACE + "-"
                + ProcessHandle.current().pid() + "-";
        while (true) {
            String random =
                    Integer.toString(ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE), Character.MAX_RADIX);
            try {
                return maker.make(target.resolveSibling(owner + random + ".tmp"));
            } catch (FileAlreadyExistsException e) {
                LOG.trace("drawn again: {}", e.getMessage());
            }
        }
    }

    private static void sweep(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".*.tmp")) {
            for (Path file : files) {
                if (isLeft(file)) {
                    Folders.delete(file);
                    LOG.debug("deleted {}, which a stopped process left", file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.debug("{} keeps what stopped processes left: {}", folder, e.toString());
        }
    }

    private static boolean isLeft(Path file) throws IOException {
        Matcher name = NAME.matcher(Texts.lastName(file));
        if (!name.matches()) {
            return false;
        }
        if (PLACE.equals(name.group(1))) {
            return ProcessHandle.of(Long.parseLong(name.group(2))).isEmpty();
        }
        return Files.exists(file)
                && Files.getLastModifiedTime(file)
                        .toInstant()
                        .isBefore(Instant.now().minus(LEFT_ALONE));
    }

    private static String place() {
        String place;
        try {
            place = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                    + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException | UnsupportedOperationException e) {
            place = host(); // no Linux
        }
        CRC32 sum = new CRC32();
        sum.update(place.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", sum.getValue());
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().toString();
        } catch (UnknownHostException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
