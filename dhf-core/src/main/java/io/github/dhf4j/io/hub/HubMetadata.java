package io.github.dhf4j.io.hub;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the server says of a file.
 *
 * @param commit of which it is
 * @param etag its digest: sha256 of a large file, git's sha1 of another; a file name in any case
 * @param size in bytes, -1 where the server did not say
 */
record HubMetadata(String commit, String etag, long size) {
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,199}");

    /** Reads the headers of an answer, which may lead to a storage; the linked headers are of what lies there. */
    static HubMetadata of(HubAnswer answer, HubFailures failures) throws HubException {
        String commit = answer.header("X-Repo-Commit");
        if (commit == null || !SAFE.matcher(commit).matches()) {
            throw failures.strange("be served with the commit it is of", "no header X-Repo-Commit that is one");
        }
        String etag = answer.header("X-Linked-Etag");
        etag = bare(etag != null ? etag : answer.header("ETag"));
        if (etag == null || !SAFE.matcher(etag).matches()) {
            throw failures.strange("be served with its digest", "no header ETag that is one");
        }
        String size = answer.header("X-Linked-Size");
        if (size == null && !answer.isRedirect()) {
            size = answer.header("Content-Length");
        }
        return new HubMetadata(commit, etag, size == null || !size.matches("\\d{1,18}") ? -1 : Long.parseLong(size));
    }

    /** Without the sign of a weak one and without quotes. */
    private static @Nullable String bare(@Nullable String etag) {
        return etag == null ? null : etag.replaceFirst("^[W/]+", "").replaceAll("^\"+|\"+$", "");
    }
}
