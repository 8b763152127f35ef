package io.github.dhf4j.io.hub;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts files into the cache, one at a time, each under its lock. */
record HubBlobs(HubSettings settings, HubClient client, HubCache cache, HubProgress progress) {
    /**
     * Ends a part's name. It is not the one that Python's client may append to, whose lock this library cannot see; and
     * as of that client's parts, nobody takes it for a blob.
     */
    private static final String PART = ".dhf.incomplete";

    /** What is still to come of a file; 0 where the server does not say its size. */
    static long missing(HubCache cache, HubMetadata metadata) throws IOException {
        if (Files.exists(cache.blob(metadata.etag()))) {
            return 0;
        }
        Path part = cache.blob(metadata.etag() + PART);
        return Math.max(0, metadata.size() - (Files.exists(part) ? Files.size(part) : 0));
    }

    /** Says that the disk has room, or throws. */
    void requireRoom(HubId id, long bytes) throws IOException {
        Path there = settings.cache().toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        long free = Files.getFileStore(there).getUsableSpace();
        // a store that does not know says 0
        if (free > 0 && free < bytes) {
            throw new HubFailures(settings, id).full(bytes, free, there);
        }
    }

    void fetch(HubId file, HubMetadata metadata) throws IOException {
        Path lock = cache.lock(metadata.etag());
        try {
            cache.prepare(cache.blob(metadata.etag()));
            cache.prepare(lock);
            fetch(file, metadata, lock);
        } catch (FileSystemException e) {
            throw new HubFailures(settings, file).unwritable(e, settings.cache());
        }
    }

    private void fetch(HubId file, HubMetadata metadata, Path lockFile) throws IOException {
        String etag = metadata.etag();
        Path blob = cache.blob(etag);
        try (HubLock lock = HubLock.take(lockFile, progress.monitor())) {
            Path pointer = cache.pointer(metadata.commit(), file.path());
            if (Files.isRegularFile(pointer)) {
                return;
            }
            boolean isNew = !Files.exists(blob);
            String own = lock.isCertain() ? "" : "." + ProcessHandle.current().pid();
            Path part = cache.blob(etag + own + PART);
            if (isNew) {
                new HubDownload(client, settings, file, metadata, progress).run(part, blob);
            } else {
                // begun here, ended by another client
                Files.deleteIfExists(part);
            }
            cache.point(etag, metadata.commit(), file.path(), isNew);
        }
    }
}
