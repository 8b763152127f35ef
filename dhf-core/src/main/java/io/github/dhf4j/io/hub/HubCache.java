package io.github.dhf4j.io.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A repository's folder in the cache of Python's client:
 *
 * <pre>
 * models--owner--name/blobs/ETAG               a file's bytes
 *                     refs/REVISION            the commit that a branch or tag was, without a line end
 *                     snapshots/COMMIT/PATH    a relative link to a blob; the bytes themselves where there are no links
 *                     .no_exist/COMMIT/PATH    empty: the commit has no such file
 * .locks/models--owner--name/ETAG.lock         held while a blob is fetched
 * </pre>
 *
 * What appears in it appears whole, by one move.
 */
final class HubCache {
    private static final String TAG = "CACHEDIR.TAG";
    private static final String SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55\n";

    private final Path cache;
    private final Path root;
    private final Path locks;
    private final boolean links;

    HubCache(HubSettings settings, HubId id) {
        String folder = "models--" + id.owner() + "--" + id.name();
        this.cache = settings.cache().toAbsolutePath();
        this.root = cache.resolve(folder);
        this.locks = cache.resolve(".locks").resolve(folder);
        this.links = settings.links();
    }

    Path snapshot(String commit) {
        return root.resolve("snapshots").resolve(commit);
    }

    /** Where a file is seen. */
    Path pointer(String commit, String path) {
        return snapshot(commit).resolve(path);
    }

    Path blob(String etag) {
        return root.resolve("blobs").resolve(etag);
    }

    Path lock(String etag) {
        return locks.resolve(etag + ".lock");
    }

    /** The commit that a revision was when it was last looked at; a commit is itself. */
    Optional<String> commit(String revision) throws IOException {
        if (HubId.isCommit(revision)) {
            return Optional.of(revision);
        }
        Path ref = root.resolve("refs").resolve(revision);
        if (!Files.isRegularFile(ref)) {
            return Optional.empty();
        }
        String commit = Files.readString(ref).strip();
        return HubId.isRelative(commit) && !commit.contains("/") ? Optional.of(commit) : Optional.empty();
    }

    /** Files of a commit that are there. */
    Set<String> files(String commit) throws IOException {
        Path snapshot = snapshot(commit);
        if (!Files.isDirectory(snapshot)) {
            return Set.of();
        }
        try (Stream<Path> all = Files.walk(snapshot)) {
            Set<String> files = new TreeSet<>();
            all.filter(Files::isRegularFile)
                    .forEach(file ->
                            files.add(snapshot.relativize(file).toString().replace('\\', '/')));
            return files;
        }
    }

    boolean isKnownAbsent(String commit, String path) {
        return Files.isRegularFile(root.resolve(".no_exist").resolve(commit).resolve(path));
    }

    /** Keeps in mind that a commit has no such file. */
    void markAbsent(String commit, String path) throws IOException {
        Path mark = root.resolve(".no_exist").resolve(commit).resolve(path);
        prepare(mark);
        try {
            Files.createFile(mark);
        } catch (FileAlreadyExistsException e) {
            // marked before
        }
    }

    /** Makes the folder of a file in this cache, and marks the cache as one that backups may leave out. */
    void prepare(Path file) throws IOException {
        // the JDK takes a link to a folder for a file in the way
        Path folder = folder(file);
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        Path tag = cache.resolve(TAG);
        if (!Files.exists(tag)) {
            Files.writeString(tag, SIGNATURE);
        }
    }

    /** Keeps in mind what a branch or tag is. */
    void refer(String revision, String commit) throws IOException {
        Path ref = root.resolve("refs").resolve(revision);
        if (revision.equals(commit) || (Files.isRegularFile(ref) && commit.equals(Files.readString(ref)))) {
            return;
        }
        prepare(ref);
        Path temporary = lock("ref-" + UUID.randomUUID().toString().substring(0, 8));
        prepare(temporary);
        Files.writeString(temporary, commit, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        replace(temporary, ref);
    }

    /** Shows a blob, whose lock is held, as a file of a commit; a new blob is moved where the system makes no links. */
    void point(String etag, String commit, String path, boolean isNew) throws IOException {
        Path pointer = pointer(commit, path);
        Path blob = blob(etag);
        prepare(pointer);
        // not beside the pointer, where it would be taken for a file if this process were killed
        Path temporary = blob(etag + ".dhf.link");
        Files.deleteIfExists(temporary);
        if (link(temporary, folder(pointer).relativize(blob))) {
            replace(temporary, pointer);
        } else if (isNew) {
            replace(blob, pointer);
        } else {
            Files.copy(blob, temporary);
            replace(temporary, pointer);
        }
    }

    private boolean link(Path link, Path to) {
        if (!links) {
            return false;
        }
        try {
            Files.createSymbolicLink(link, to);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            // such as on Windows without developer mode
            return false;
        }
    }

    /** That of a file of this cache, which always has one. */
    static Path folder(Path file) {
        return Objects.requireNonNull(file.getParent(), "a file of the cache is in a folder");
    }

    static void replace(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
