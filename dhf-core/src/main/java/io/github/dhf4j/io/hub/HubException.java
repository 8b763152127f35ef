package io.github.dhf4j.io.hub;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a file or model of the hub could not be had, in one sentence. */
public final class HubException extends IOException {
    private static final long serialVersionUID = 1;

    /** The kinds of failure. */
    public enum Reason {
        /** No connection, or it broke. */
        UNREACHABLE,
        /** The server said "later" every time. */
        BUSY,
        /** The server answered what no hub does. */
        STRANGE,
        /** Who asks may not have it: no token, one that is refused, or terms that are not accepted. */
        DENIED,
        /** There is no such repository, or it is hidden from who asks. */
        NO_REPOSITORY,
        /** The repository has no such branch, tag or commit. */
        NO_REVISION,
        /** The repository has no such file. */
        NO_FILE,
        /** It must not be fetched, and is not in the cache. */
        OFFLINE,
        /** What came is not what the server said. */
        DAMAGED,
        /** The disk is full or cannot be written. */
        DISK
    }

    /** The kind of failure. */
    private final Reason reason;

    /** The commit that was asked, if the server said it. */
    private final @Nullable String commit;

    HubException(Reason reason, String message, @Nullable Throwable cause, @Nullable String commit) {
        super(message, cause);
        this.reason = reason;
        this.commit = commit;
    }

    /**
     * The kind of failure.
     *
     * @return as above
     */
    public Reason reason() {
        return reason;
    }

    /**
     * Whether another repository of the same model may help.
     *
     * @return whether this one is gone, hidden, gated, or without the revision or file
     */
    public boolean isAboutRepository() {
        return switch (reason) {
            case DENIED, NO_REPOSITORY, NO_REVISION, NO_FILE, OFFLINE -> true;
            case UNREACHABLE, BUSY, STRANGE, DAMAGED, DISK -> false;
        };
    }

    /** The commit that was asked, where the server said it. */
    Optional<String> commit() {
        return Optional.ofNullable(commit);
    }

    /** Whether what the cache has is good enough then. */
    boolean isForgiven() {
        return switch (reason) {
            case UNREACHABLE, BUSY, STRANGE, DENIED, NO_REPOSITORY -> true;
            case NO_REVISION, NO_FILE, OFFLINE, DAMAGED, DISK -> false;
        };
    }
}
