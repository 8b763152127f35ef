package io.github.dhf4j.io.hub;

import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Digests;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of releases, from the hub's cache or fetched into it, {@code releases--owner--name/TAG/FILE} there. A digest that was not known
 * is kept beside the file when it comes first, and every later fetch must agree with it. No token is sent. Safe for several threads.
 */
public final class Releases {
    private static final Logger LOG = LoggerFactory.getLogger(Releases.class);

    /** No digest: what is compared is said here and not by the server. */
    private static final String UNKNOWN = "unknown";

    private final HubSettings settings;
    private final RunMonitor monitor;

    /**
     * Releases.
     *
     * @param settings whose cache, patience and whether anybody is asked at all; endpoint and token are not looked at
     * @param monitor hears of each download, a step a megabyte, and may cancel it
     */
    public Releases(HubSettings settings, RunMonitor monitor) {
        this.settings = settings;
        this.monitor = monitor;
    }

    /**
     * One file.
     *
     * @param asset which
     * @return where it lies in the cache
     * @throws HubException saying why it cannot be had, or that it is not the one whose digest is known
     * @throws IOException if the cache cannot be read or written
     * @throws java.util.concurrent.CancellationException if the monitor wants it no more; what came is kept
     */
    public Path file(ReleaseAsset asset) throws IOException {
        HubId id = asset.file();
        Path folder = settings.cache()
                .toAbsolutePath()
                .resolve("releases--" + id.owner() + "--" + id.name())
                .resolve(id.revision());
        Path file = folder.resolve(id.path());
        if (Files.isRegularFile(file)) {
            return file;
        }
        HubSettings there = settings.at(asset.host());
        HubFailures failures = new HubFailures(there, id);
        if (settings.offline()) {
            throw failures.offline();
        }
        try {
            Files.createDirectories(HubCache.folder(file));
            try (HubLock lock = HubLock.take(beside(file, ".lock"), monitor)) {
                if (!Files.isRegularFile(file)) {
                    fetch(
                            asset,
                            file,
                            there,
                            lock.isCertain()
                                    ? ""
                                    : "." + ProcessHandle.current().pid());
                }
            }
        } catch (FileSystemException e) {
            throw failures.unwritable(e, settings.cache());
        }
        return file;
    }

    private void fetch(ReleaseAsset asset, Path file, HubSettings there, String own) throws IOException {
        HubProgress progress = new HubProgress(monitor, asset.file(), -1);
        HubClient client = new HubClient(there, monitor, id -> asset.address());
        Path fetched = beside(file, own + ".fetched");
        new HubDownload(
                        client,
                        there,
                        asset.file(),
                        new HubMetadata(asset.file().revision(), UNKNOWN, -1),
                        progress)
                .run(beside(file, own + ".incomplete"), fetched);
        progress.end();
        String digest = Digests.ofFile(fetched);
        Path kept = beside(file, ".sha256");
        String known = known(asset, kept);
        if (known == null) {
            AtomicFiles.write(kept, path -> Files.writeString(path, digest + "\n"));
            LOG.info(
                    "{} has the SHA-256 {}, which is not recorded; later fetches must agree with it",
                    asset.file(),
                    digest);
        } else if (!known.equals(digest)) {
            Files.delete(fetched);
            throw new HubFailures(there, asset.file())
                    .damaged(
                            "have the SHA-256 " + known + (asset.sha256() == null ? " of its first fetch" : ""),
                            digest);
        }
        HubCache.replace(fetched, file);
    }

    private static @Nullable String known(ReleaseAsset asset, Path kept) throws IOException {
        return asset.sha256() != null || !Files.isRegularFile(kept)
                ? asset.sha256()
                : Files.readString(kept).strip();
    }

    private static Path beside(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }
}
