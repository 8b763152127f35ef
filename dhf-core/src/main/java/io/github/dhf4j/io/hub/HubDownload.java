package io.github.dhf4j.io.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one file into a part, which stays where it ends early and is gone on with later; looks at the part's size and
 * digest, and only then moves it to where others look.
 */
final class HubDownload {
    private final HubClient client;
    private final HubSettings settings;
    private final HubId file;
    private final HubMetadata metadata;
    private final HubProgress progress;
    private final HubFailures failures;

    /** Of a file at the commit that the metadata are of. */
    HubDownload(HubClient client, HubSettings settings, HubId file, HubMetadata metadata, HubProgress progress) {
        this.client = client;
        this.settings = settings;
        this.file = file;
        this.metadata = metadata;
        this.progress = progress;
        this.failures = new HubFailures(settings, file);
    }

    /** Fetches, where the part's folder is there and nobody else writes the part. */
    void run(Path part, Path blob) throws IOException {
        long had = length(part);
        progress.skip(had);
        transfer(part);
        Optional<HubException> damage = damage(part);
        if (damage.isPresent() && had > 0) {
            // what was there before was no good
            restart(part);
            transfer(part);
            damage = damage(part);
        }
        if (damage.isPresent()) {
            Files.delete(part);
            throw damage.get();
        }
        HubCache.replace(part, blob);
    }

    private static long length(Path part) throws IOException {
        return Files.exists(part) ? Files.size(part) : 0;
    }

    private void restart(Path part) throws IOException {
        progress.skip(-length(part));
        Files.deleteIfExists(part);
    }

    private Optional<HubException> damage(Path part) throws IOException {
        long size = length(part);
        if (metadata.size() >= 0 && size != metadata.size()) {
            return Optional.of(
                    failures.damaged("have the " + metadata.size() + " bytes that the server says", "" + size));
        }
        return HubDigest.of(part, metadata.etag())
                .filter(digest -> !digest.equals(metadata.etag()))
                .map(digest ->
                        failures.damaged("have the digest " + metadata.etag() + " that the server says", digest));
    }

    private void transfer(Path part) throws IOException {
        HubPatience patience = settings.patience();
        for (int broken = 0; ; broken++) {
            long had = length(part);
            if (metadata.size() >= 0 && had > metadata.size()) {
                restart(part);
                had = 0;
            }
            if (metadata.size() >= 0 && had == metadata.size() && Files.exists(part)) {
                return;
            }
            HubException failed;
            try (HubAnswer answer = client.get(file, had)) {
                if (answer.status() == 416) {
                    return;
                }
                if (had > 0 && !isRest(answer, had)) {
                    restart(part);
                }
                append(answer.body(), part);
                return;
            } catch (HubException e) {
                if (e.reason() != HubException.Reason.UNREACHABLE) {
                    throw e;
                }
                failed = e;
            } catch (BrokenException e) {
                failed = e.getCause() instanceof HubBody.SilenceException ? failures.silent() : failures.unreachable(e);
            }
            if (length(part) > had) {
                broken = 0;
            }
            if (broken + 1 >= patience.tries()) {
                throw failed;
            }
            client.pause(patience.pause(broken, Duration.ZERO));
        }
    }

    private static boolean isRest(HubAnswer answer, long from) {
        String range = answer.header("Content-Range");
        return answer.status() == 206 && range != null && range.startsWith("bytes " + from + "-");
    }

    /** The connection ended before the body did. */
    private static final class BrokenException extends IOException {
        private static final long serialVersionUID = 1;

        BrokenException(IOException e) {
            super(e.getMessage(), e);
        }
    }

    private void append(HubBody body, Path part) throws IOException {
        try (FileChannel out = open(part)) {
            long room = metadata.size() < 0 ? Long.MAX_VALUE : metadata.size() + 1 - out.size();
            for (List<ByteBuffer> bytes = next(body); bytes != null && room > 0; bytes = next(body)) {
                for (ByteBuffer each : bytes) {
                    int kept = (int) Math.min(each.remaining(), room);
                    write(out, each.slice(each.position(), kept), part);
                    room -= kept;
                    progress.add(kept);
                }
            }
        }
    }

    private @Nullable List<ByteBuffer> next(HubBody body) throws BrokenException {
        try {
            return body.next(progress.monitor(), settings.patience().silence());
        } catch (IOException e) {
            throw new BrokenException(e);
        }
    }

    private FileChannel open(Path part) throws IOException {
        try {
            return FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw failures.unwritable(e, part);
        }
    }

    private void write(FileChannel out, ByteBuffer bytes, Path part) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException e) {
            // an interrupt closes the file
            progress.monitor().checkCancelled();
            throw failures.unwritable(e, part);
        }
    }
}
