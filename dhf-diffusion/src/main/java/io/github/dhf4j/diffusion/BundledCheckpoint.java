package io.github.dhf4j.diffusion;

import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.io.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.List;

/**
 * The small checkpoint of the artifact dhf-tiny, with aggregation weights for it: for trying and testing, it knows rendered
 * pictures only. Weights are mapped from files, so it is unpacked once into the user's cache: the folder that the
 * system property {@code dhf.cache} or the environment variable {@code DHF_CACHE} names, else {@code dhf4j} in the
 * platform's cache folder.
 */
public final class BundledCheckpoint {
    private static final String INDEX = "index.txt";

    private record Item(String digest, String name) {}

    private BundledCheckpoint() {}

    /**
     * Unpacks the checkpoint, or finds it unpacked. Safe for several threads and processes.
     *
     * @return its folder
     * @throws IOException if the cache cannot be written, or the artifact dhf-tiny is not on the class path or damaged
     */
    public static Path unpack() throws IOException {
        String index = new String(read(INDEX), StandardCharsets.UTF_8);
        List<Item> items = index.lines()
                .map(line -> new Item(line.substring(0, 64), line.substring(66)))
                .toList();
        Path cache = Environment.cacheFolder();
        Path target = cache.resolve("tiny-" + Digests.of(index).substring(0, 12));
        if (isComplete(target, items)) {
            return target;
        }
        Environment.makeCacheFolder(cache);
        Path temporary = AtomicFiles.temporaryFolder(target);
        try {
            for (Item item : items) {
                Path file = temporary.resolve(item.name());
                Files.createDirectories(file.getParent());
                try (InputStream in = BundledFiles.open(item.name())) {
                    DigestInputStream digesting = new DigestInputStream(in, Digests.sha256());
                    Files.copy(digesting, file);
                    String digest = HexFormat.of()
                            .formatHex(digesting.getMessageDigest().digest());
                    if (!digest.equals(item.digest())) {
                        throw new IOException("bundled file must have digest " + item.digest() + ", got " + digest
                                + " (" + item.name() + "); the jar is damaged");
                    }
                }
            }
            install(temporary, target, items);
            return target;
        } finally {
            Folders.delete(temporary);
        }
    }

    /** One move, so that no other process finds a part of it; what is whole there, another process was first, stays. */
    private static void install(Path made, Path target, List<Item> items) throws IOException {
        if (Files.exists(target) && !isComplete(target, items)) {
            Path aside = AtomicFiles.temporaryFolder(target);
            try {
                Files.move(target, aside, StandardCopyOption.REPLACE_EXISTING);
            } catch (NoSuchFileException e) {
                // another process mends it too
            }
            Folders.delete(aside);
        }
        try {
            Files.move(made, target);
        } catch (IOException e) {
            if (!isComplete(target, items)) {
                throw e;
            }
        }
    }

    /** The folder appears by one move, but disks tear files and people delete them: what is not whole is made again. */
    private static boolean isComplete(Path target, List<Item> items) {
        return items.stream().allMatch(item -> {
            try {
                return Digests.ofFile(target.resolve(item.name())).equals(item.digest());
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static byte[] read(String name) throws IOException {
        try (InputStream in = BundledFiles.open(name)) {
            return in.readAllBytes();
        }
    }
}
