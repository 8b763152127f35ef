package io.github.dhf4j.io.hub;

import io.github.dhf4j.io.Texts;
import io.github.dhf4j.io.hub.HubException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpHeaders;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The sentences of {@link HubException}. None holds a token, nor the query of an address, in which storage servers keep
 * secrets, nor words of the server.
 *
 * @param settings of who asks
 * @param id what is asked for
 */
record HubFailures(HubSettings settings, HubId id) {
    private static final String AGAIN = "run it again, it goes on where it was";

    /** What an answer means that is neither success nor a redirect. */
    HubException answered(int status, HttpHeaders headers, URI from) {
        if (!isHub(from)) {
            return failed(
                    Reason.STRANGE, "come from its storage", "HTTP status " + status + " of " + from.getHost(), AGAIN);
        }
        String got = "HTTP status " + status;
        String page = settings.page(id);
        HubException told = coded(headers.firstValue("X-Error-Code").orElse(""), got, headers);
        if (told != null) {
            return told;
        }
        return switch (status) {
            case 401 ->
                failed(
                        isNotFound(headers) ? Reason.NO_REPOSITORY : Reason.DENIED,
                        "be there and open to you",
                        got + (hasToken() ? ", with the token that is set" : ", without a token"),
                        "check the name at " + page
                                + ", and if it is private give a token (HF_TOKEN, or 'hf auth login')");
            case 403 ->
                failed(
                        Reason.DENIED,
                        "be open to you",
                        got + (hasToken() ? ", with the token that is set" : ", without a token"),
                        "see at " + page + " what it asks for, and whether your token may read it");
            case 404 ->
                failed(
                        Reason.NO_REPOSITORY,
                        "be there",
                        got,
                        "check the name at " + page + ", or give a path that is there");
            case 429 ->
                failed(
                        Reason.BUSY,
                        "be sent",
                        got + " (too many requests) again and again",
                        "wait some minutes and " + AGAIN);
            default ->
                failed(
                        status >= 500 || status == 408 ? Reason.BUSY : Reason.STRANGE,
                        "be sent",
                        got + (status >= 500 ? " again and again" : ""),
                        "wait some minutes and " + AGAIN);
        };
    }

    private static boolean isNotFound(HttpHeaders headers) {
        return headers.firstValue("X-Error-Code").filter("RepoNotFound"::equals).isPresent();
    }

    /** What the hub's own word means beside the status. */
    private @Nullable HubException coded(String code, String got, HttpHeaders headers) {
        String page = settings.page(id);
        return switch (code) {
            case "GatedRepo" ->
                failed(
                        Reason.DENIED,
                        "be open to you",
                        got + ", since it is gated" + (hasToken() ? "" : " and no token was sent"),
                        "accept its terms at " + page
                                + " and give that account's token (HF_TOKEN, or 'hf auth login')");
            case "RevisionNotFound" ->
                failed(
                        Reason.NO_REVISION,
                        "have the revision '" + Texts.shown(id.revision()) + "'",
                        got,
                        "see its branches at " + page);
            case "EntryNotFound" ->
                absent(
                        got,
                        headers.firstValue("X-Repo-Commit")
                                .filter(HubId::isCommit)
                                .orElse(null));
            default -> null;
        };
    }

    private HubException absent(String got, @Nullable String commit) {
        return new HubException(
                Reason.NO_FILE,
                sentence(
                        "be in its repository",
                        got,
                        "see its files at " + settings.page(id) + "/tree/" + Texts.shown(id.revision())),
                null,
                commit);
    }

    /** The cache knows that there is none. */
    HubException absent() {
        return absent("none, as the hub said before", null);
    }

    /** No answer at all. */
    HubException unreachable(IOException e) {
        String got = describe(e);
        return new HubException(
                Reason.UNREACHABLE,
                sentence(
                        "come over the network",
                        got,
                        "check the connection (a proxy: -Dhttps.proxyHost=HOST -Dhttps.proxyPort=N) and " + AGAIN),
                e,
                null);
    }

    private static String describe(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return "no such host";
            }
            if (cause instanceof SSLException) {
                return "no trusted connection (" + Texts.reason(cause) + ")";
            }
        }
        if (e instanceof HttpTimeoutException) {
            return "no answer in time";
        }
        return e instanceof ConnectException ? "no connection" : "a connection that broke (" + Texts.reason(e) + ")";
    }

    HubException silent() {
        return failed(
                Reason.UNREACHABLE,
                "come over the network",
                "no byte in " + settings.patience().silence().toSeconds() + " s",
                AGAIN);
    }

    HubException strange(String must, String got) {
        return failed(
                Reason.STRANGE,
                must,
                got,
                "check HF_ENDPOINT, proxy and firewall: this does not answer as the hub does");
    }

    HubException offline() {
        return failed(
                Reason.OFFLINE,
                "be in the cache where HF_HUB_OFFLINE is set",
                "none in " + settings.cache(),
                "unset it, or fetch the model first");
    }

    HubException damaged(String must, String got) {
        return failed(Reason.DAMAGED, must, got, "nothing of it was kept; run it again");
    }

    /** The disk is too small, which is known before. */
    HubException full(long needed, long free, Path where) {
        return failed(
                Reason.DISK,
                "find " + Texts.bytes(needed) + " of free disk",
                Texts.bytes(free) + " in " + where,
                "make room, or name another folder by HF_HOME");
    }

    /** Writing failed. */
    HubException unwritable(IOException e, Path where) {
        return new HubException(
                Reason.DISK,
                sentence(
                        "be written into " + where,
                        e.getClass().getSimpleName() + " (" + Texts.reason(e) + ")",
                        "make room or name another folder by HF_HOME; " + AGAIN),
                e,
                null);
    }

    private boolean hasToken() {
        return settings.token() != null;
    }

    private boolean isHub(URI uri) {
        return HubClient.isSameOrigin(settings.endpoint(), uri);
    }

    private HubException failed(Reason reason, String must, String got, String remedy) {
        return new HubException(reason, sentence(must, got, remedy), null, null);
    }

    private String sentence(String must, String got, String remedy) {
        @Nullable String host = settings.endpoint().getAuthority();
        return (id.path().isEmpty() ? "model '" : "file '") + id + "' must " + must + ", got " + got + " (" + host
                + "); " + remedy;
    }
}
