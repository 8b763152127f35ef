package io.github.dhf4j.data;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.io.Folders;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Features on disk, a file an image, so that each image's process runs once: native-resolution maps under a key made of
 * digests of the image's pixels and of everything else that the maps are a function of (checkpoint, load size, latent
 * mode, prompt, process, timesteps, layers).
 *
 * <p>Bounded by a budget: when a new file takes the folder over it, the files that were used longest ago go first.
 * Safe for several threads and processes over one folder: files appear whole, a file that was torn all the same (by a
 * power cut, a full disk) fails its checksum and is made again.
 */
public final class FeatureCache {
    /** What the cache may take at most where nothing else is said: 10 GB. */
    public static final long DEFAULT_BUDGET = 10_000_000_000L;

    private static final int SHARE = 10;
    private static final int LISTED_AGAIN = 16;

    private static final Logger LOG = LoggerFactory.getLogger(FeatureCache.class);
    private static final String SUFFIX = ".safetensors";
    private static final Object IN_THIS_JVM = new Object();

    private final Path folder;
    private final long budget;
    private final DataType type;
    private final boolean asked;
    private long free; // of the budget, when the folder was last looked at
    private long unlisted; // bytes written since

    /**
     * One image's features in the cache.
     *
     * @param path the file
     * @param bytes its size
     * @param lastUsed when it was last made or read
     */
    public record Entry(Path path, long bytes, Instant lastUsed) {}

    private FeatureCache(Path folder, long budget, DataType type, boolean asked) {
        this.folder = folder;
        this.budget = budget;
        this.type = type;
        this.asked = asked;
    }

    /**
     * The cache in the user's cache folder, {@code features} below {@link Environment#cacheFolder}, maps in float16, of
     * the {@link #defaultBudget default budget}.
     *
     * @return the cache; nothing is written before features are asked for
     * @throws IllegalStateException if no folder is named and the user has no home
     */
    public static FeatureCache standard() {
        Path folder = standardFolder();
        return new FeatureCache(folder, defaultBudget(folder), DataType.FLOAT16, false);
    }

    /**
     * Where {@link #standard} keeps its files.
     *
     * @return a folder, which need not exist
     * @throws IllegalStateException if no folder is named and the user has no home
     */
    public static Path standardFolder() {
        return Environment.cacheFolder().resolve("features");
    }

    /**
     * What a cache may take where nothing else is said: {@link #DEFAULT_BUDGET}, or a tenth of the free disk where that
     * is less. What the cache holds already counts as free.
     *
     * @param folder where it lies; need not exist
     * @return bytes
     */
    public static long defaultBudget(Path folder) {
        try {
            Path existing = folder.toAbsolutePath();
            while (existing != null && !Files.exists(existing)) {
                existing = existing.getParent();
            }
            if (existing == null) {
                return DEFAULT_BUDGET;
            }
            long held = bytes(new FeatureCache(folder, DEFAULT_BUDGET, DataType.FLOAT16, true).entries());
            long free = Files.getFileStore(existing).getUsableSpace() + held;
            return Math.max(1, Math.min(DEFAULT_BUDGET, free / SHARE));
        } catch (IOException e) {
            LOG.debug("free disk of {} is not known: {}", folder, e.toString());
            return DEFAULT_BUDGET;
        }
    }

    /**
     * A cache in a folder.
     *
     * @param folder where the files are; made when features are first asked for
     * @param budget bytes that all files together may take
     * @param type what maps are kept as: {@code FLOAT16} (what the method needs: descriptors differ by less than
     *     1e-3 of their deviation), or {@code FLOAT32}
     * @return the cache
     */
    public static FeatureCache open(Path folder, long budget, DataType type) {
        if (budget < 1) {
            throw new IllegalArgumentException("cache budget must be 1 byte or more, got " + budget);
        }
        if (type != DataType.FLOAT16 && type != DataType.FLOAT32) {
            throw new IllegalArgumentException("cached maps must be float16 or float32, got " + type);
        }
        return new FeatureCache(folder, budget, type, true);
    }

    /**
     * Where the files are.
     *
     * @return a folder, which need not exist yet
     */
    public Path folder() {
        return folder;
    }

    /**
     * What all files together may take.
     *
     * @return bytes
     */
    public long budget() {
        return budget;
    }

    DataType type() {
        return type;
    }

    /**
     * Features of images: from the cache, or by running the network and keeping what it gives.
     *
     * @param extractor borrowed; runs for images that are not in the cache. Of several that are joined each has its own files
     * @param manager on whose device maps live; borrowed
     * @param monitor hears of each run's progress and can cancel
     * @return the source; safe for several threads
     * @throws IOException if the checkpoint's files cannot be read for its digest, or the folder cannot be made
     */
    public FeatureSource over(FeatureExtractor extractor, NDManager manager, RunMonitor monitor) throws IOException {
        if (!Files.exists(folder)) {
            Environment.makeCacheFolder(folder);
            // what nobody asked for is said louder
            LOG.atLevel(asked ? Level.INFO : Level.WARN)
                    .log(
                            "features of images are kept in {}, up to {}; --cache and --cache-budget (FeatureCache.open) change that",
                            folder,
                            Texts.bytes(budget));
        }
        List<FeatureSource> networks = new ArrayList<>();
        for (FeatureExtractor each : extractor.networks()) {
            networks.add(new CachedFeatureSource(this, each, manager, monitor));
        }
        return FeatureSource.joined(networks);
    }

    Path path(String key) {
        return folder.resolve(key.substring(0, 2)).resolve(key + SUFFIX);
    }

    /**
     * What is in the cache.
     *
     * @return a line a file, the one used longest ago first
     * @throws IOException if the folder cannot be read
     */
    public List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path path : files()) {
            if (Folders.isPassedOver(folder.relativize(path))) {
                continue;
            }
            try {
                entries.add(new Entry(
                        path, Files.size(path), Files.getLastModifiedTime(path).toInstant()));
            } catch (NoSuchFileException e) {
                LOG.debug("{} went while the cache was listed", path);
            }
        }
        entries.sort(Comparator.comparing(Entry::lastUsed).thenComparing(Entry::path));
        return entries;
    }

    /** None of a file that went: another process evicted it. */
    private static long bytes(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private static long bytes(List<Entry> entries) {
        return entries.stream().mapToLong(Entry::bytes).sum();
    }

    /** By name only: files come and go while other processes work, so none is looked at here. */
    private List<Path> files() throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder, Files::isDirectory)) {
                for (Path inner : folders) {
                    try (DirectoryStream<Path> files = Files.newDirectoryStream(inner, "*" + SUFFIX)) {
                        files.forEach(found::add);
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw new IOException("cache folder must be readable, got " + e.getCause() + " (" + folder + ")", e);
            }
        }
        return found;
    }

    /**
     * What a file of the cache is of.
     *
     * @param entry one of {@link #entries}
     * @return image and checkpoint, in words
     */
    public String describe(Entry entry) {
        try (TensorFile file = TensorFile.open(entry.path())) {
            return file.metadata().getOrDefault("image", "?") + " by "
                    + file.metadata().getOrDefault("source", "?");
        } catch (IOException e) {
            return "torn, will be made again";
        }
    }

    /**
     * Deletes every file of the cache.
     *
     * @return how many bytes were freed
     * @throws IOException if a file cannot be deleted
     */
    public long clear() throws IOException {
        long freed = 0;
        for (Entry entry : entries()) {
            if (Files.deleteIfExists(entry.path())) {
                freed += entry.bytes();
            }
        }
        return freed;
    }

    /** Marks a file as used now. */
    void touch(Path path) {
        try {
            Files.setLastModifiedTime(path, FileTime.from(Instant.now()));
        } catch (IOException e) {
            LOG.debug("{} keeps its time of use: {}", path, e.toString()); // a read-only cache can still be read
        }
    }

    /**
     * Takes note of a file that was just written, and brings the folder under its budget, sparing that file. Looking at all
     * files costs more than making one where there are ten thousand, so the folder is looked at again when this cache has
     * written a share of what was free when it last looked, since others write too.
     */
    void written(Path file) throws IOException {
        synchronized (IN_THIS_JVM) {
            unlisted += bytes(file);
            if (unlisted > free / LISTED_AGAIN) {
                free = evict(file);
                unlisted = 0;
            }
        }
    }

    /** Bytes of the budget that are free then. */
    private long evict(Path spared) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            List<Entry> entries = entries();
            long total = bytes(entries);
            for (Entry entry : entries) {
                if (total > budget && !entry.path().equals(spared)) {
                    Files.deleteIfExists(entry.path());
                    total -= entry.bytes();
                }
            }
            if (total > budget) {
                throw new IOException("cache budget must hold the features of one image, " + Texts.bytes(total)
                        + ", got " + Texts.bytes(budget) + " (" + folder
                        + "); raise it (--cache-budget), or name a folder on a larger disk (--cache)");
            }
            return budget - total;
        }
    }
}
