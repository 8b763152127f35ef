package io.github.dhf4j.io.hub;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files and models of the Hugging Face hub, from the cache that Python's client shares, or fetched into it. Nothing is
 * asked before a method is called. A download that is killed, cancelled or cut goes on where it was; two threads or
 * processes that want the same file fetch it once. Safe for several threads.
 */
public final class Hub {
    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);
    private static final int MAX_LISTING = 64_000_000;

    /** Chooses the files of a repository that are needed. */
    @FunctionalInterface
    public interface Selection {
        /**
         * Chooses.
         *
         * @param files those there are
         * @return the paths of some of them
         * @throws IOException if what is needed is not there, or a configuration cannot be had
         */
        Collection<String> select(PublishedFiles files) throws IOException;
    }

    private record Listing(String commit, Set<String> names) {}

    private final HubSettings settings;
    private final RunMonitor monitor;
    private final HubClient client;

    /**
     * A hub.
     *
     * @param settings where it is
     * @param monitor hears of each download, a step a megabyte, and may cancel it
     */
    public Hub(HubSettings settings, RunMonitor monitor) {
        this.settings = settings;
        this.monitor = monitor;
        this.client = new HubClient(settings, monitor);
    }

    /**
     * Where it is.
     *
     * @return as they were given
     */
    public HubSettings settings() {
        return settings;
    }

    /**
     * One file. Where the hub cannot be reached, the one that the cache has is taken.
     *
     * @param file its name, with a path
     * @return where it lies in the cache
     * @throws HubException saying why it cannot be had
     * @throws IOException if the cache cannot be read or written
     * @throws IllegalArgumentException if the name has no path
     * @throws java.util.concurrent.CancellationException if the monitor wants it no more; what came is kept
     */
    public Path file(HubId file) throws IOException {
        if (file.path().isEmpty()) {
            throw new IllegalArgumentException("name must be of a file, owner/name/path/in/repository, got '" + file
                    + "'; see its files at " + settings.page(file) + "/tree/main");
        }
        HubCache cache = new HubCache(settings, file);
        Optional<Path> cached = cached(cache, file);
        if (settings.offline() || (cached.isPresent() && HubId.isCommit(file.revision()))) {
            return cached.orElseThrow(() -> new HubFailures(settings, file).offline());
        }
        HubMetadata metadata;
        try {
            metadata = metadata(cache, file, cached.isPresent());
        } catch (HubException e) {
            return cached.filter(path -> forgiven(file, e)).orElseThrow(() -> e);
        }
        fetch(cache, file, List.of(new Wanted(file.at(metadata.commit()), metadata)));
        remember(() -> cache.refer(file.revision(), metadata.commit()));
        return cache.pointer(metadata.commit(), file.path());
    }

    /**
     * A repository, as far as it is needed. Where the hub cannot be reached, what the cache has is taken.
     *
     * @param repository its name; a path is not looked at
     * @param selection chooses
     * @return the folder of the commit in the cache, in which the chosen files are, and maybe others
     * @throws HubException saying why it cannot be had
     * @throws IOException if the cache cannot be read or written, or by the selection
     * @throws java.util.concurrent.CancellationException if the monitor wants it no more; what came is kept
     */
    public Path snapshot(HubId repository, Selection selection) throws IOException {
        HubCache cache = new HubCache(settings, repository);
        Listing listing = listing(cache, repository);
        HubId id = repository.at(listing.commit());
        Collection<String> chosen = selection.select(new Listed(repository, listing, cache));
        List<Wanted> wanted = new ArrayList<>();
        for (String path : new TreeSet<>(chosen)) {
            if (!Files.isRegularFile(cache.pointer(listing.commit(), path))) {
                HubId file = id.file(path);
                if (settings.offline()) {
                    throw new HubFailures(settings, file).offline();
                }
                wanted.add(new Wanted(file, metadata(cache, file, false)));
            }
        }
        fetch(cache, repository, wanted);
        if (!settings.offline() && !chosen.isEmpty()) {
            remember(() -> cache.refer(repository.revision(), listing.commit()));
        }
        return cache.snapshot(listing.commit());
    }

    /** What a selection looks at. */
    private final class Listed implements PublishedFiles {
        private final HubId repository;
        private final Listing listing;
        private final HubCache cache;

        Listed(HubId repository, Listing listing, HubCache cache) {
            this.repository = repository;
            this.listing = listing;
            this.cache = cache;
        }

        @Override
        public String name() {
            return repository.toString();
        }

        @Override
        public Set<String> names() {
            return listing.names();
        }

        @Override
        public Optional<JsonObject> config(String path) throws IOException {
            if (!listing.names().contains(path)) {
                return Optional.empty();
            }
            Path there = cache.pointer(listing.commit(), path);
            return Optional.of(Json.readObject(
                    Files.isRegularFile(there)
                            ? there
                            : file(repository.at(listing.commit()).file(path))));
        }
    }

    /** The file in the cache, of the commit that its revision was last. */
    private Optional<Path> cached(HubCache cache, HubId file) throws IOException {
        Optional<String> commit = cache.commit(file.revision());
        if (commit.isEmpty()) {
            return Optional.empty();
        }
        Path pointer = cache.pointer(commit.get(), file.path());
        if (Files.isRegularFile(pointer)) {
            return Optional.of(pointer);
        }
        if ((settings.offline() || HubId.isCommit(file.revision())) && cache.isKnownAbsent(commit.get(), file.path())) {
            throw new HubFailures(settings, file).absent();
        }
        return Optional.empty();
    }

    private HubMetadata metadata(HubCache cache, HubId file, boolean isCached) throws IOException {
        HubFailures failures = new HubFailures(settings, file);
        try (HubAnswer answer = client.head(file, patience(isCached))) {
            return HubMetadata.of(answer, failures);
        } catch (HubException e) {
            Optional<String> commit = e.commit();
            if (e.reason() == HubException.Reason.NO_FILE && commit.isPresent()) {
                remember(() -> {
                    cache.markAbsent(commit.get(), file.path());
                    cache.refer(file.revision(), commit.get());
                });
            }
            throw e;
        }
    }

    @FunctionalInterface
    private interface Note {
        void write() throws IOException;
    }

    /** Writes what spares a later question; a cache that can only be read is good enough without. */
    private static void remember(Note note) {
        try {
            note.write();
        } catch (IOException e) {
            LOG.debug("not kept in mind: {}", Texts.reason(e));
        }
    }

    /** Who has a file already does not wait long to hear whether there is a newer one. */
    private HubPatience patience(boolean isCached) {
        return isCached ? settings.patience().once() : settings.patience();
    }

    private static boolean forgiven(HubId id, HubException e) {
        if (e.isForgiven()) {
            LOG.warn("{} is taken from the cache as it was: {}", id, e.getMessage());
        }
        return e.isForgiven();
    }

    private Listing listing(HubCache cache, HubId repository) throws IOException {
        Optional<String> known = cache.commit(repository.revision());
        Set<String> there = known.isEmpty() ? Set.of() : cache.files(known.get());
        Optional<Listing> cached =
                there.isEmpty() ? Optional.empty() : Optional.of(new Listing(known.orElseThrow(), there));
        if (settings.offline()) {
            return cached.orElseThrow(() -> new HubFailures(settings, repository).offline());
        }
        try (HubAnswer answer = client.list(repository, patience(cached.isPresent()))) {
            return listing(answer, new HubFailures(settings, repository));
        } catch (HubException e) {
            return cached.filter(listing -> forgiven(repository, e)).orElseThrow(() -> e);
        }
    }

    private Listing listing(HubAnswer answer, HubFailures failures) throws IOException {
        byte[] text;
        try {
            text = answer.body().read(MAX_LISTING, monitor, settings.patience().silence());
        } catch (IOException e) {
            throw failures.unreachable(e);
        }
        try {
            JsonObject object = Json.parseObject(new String(text, StandardCharsets.UTF_8));
            String commit = object.get("sha").getAsString();
            Set<String> names = new TreeSet<>();
            for (JsonElement each : (JsonArray) object.get("siblings")) {
                String name = each.getAsJsonObject().get("rfilename").getAsString();
                if (HubId.isRelative(name)) {
                    names.add(name);
                }
            }
            if (HubId.isRelative(commit) && !commit.contains("/")) {
                return new Listing(commit, names);
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("listing: {}", Texts.reason(e));
        }
        throw failures.strange("have its files listed as JSON with 'sha' and 'siblings'", "something else");
    }

    private record Wanted(HubId file, HubMetadata metadata) {}

    private void fetch(HubCache cache, HubId id, List<Wanted> all) throws IOException {
        List<Wanted> missing = new ArrayList<>();
        long bytes = 0;
        long room = 0;
        for (Wanted wanted : all) {
            HubMetadata metadata = wanted.metadata();
            Path blob = cache.blob(metadata.etag());
            if (!Files.isRegularFile(
                    cache.pointer(metadata.commit(), wanted.file().path()))) {
                missing.add(wanted);
                bytes += Files.exists(blob) ? 0 : Math.max(0, metadata.size());
                room += HubBlobs.missing(cache, metadata);
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        HubProgress progress = new HubProgress(monitor, id, bytes);
        HubBlobs blobs = new HubBlobs(settings, client, cache, progress);
        blobs.requireRoom(id, room);
        for (Wanted wanted : missing) {
            blobs.fetch(wanted.file(), wanted.metadata());
        }
        progress.end();
    }
}
