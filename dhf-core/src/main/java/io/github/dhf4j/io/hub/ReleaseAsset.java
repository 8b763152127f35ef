package io.github.dhf4j.io.hub;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A file that its authors publish beside a release of their code, as GitHub keeps them.
 *
 * @param host where releases are, such as {@code https://github.com}, without a slash at the end
 * @param file owner and name of the repository, the file's name, and as revision the release's tag
 * @param sha256 the file's digest, 64 hexadecimal digits; null where it is not known, and the first fetch keeps it in mind
 */
public record ReleaseAsset(URI host, HubId file, @Nullable String sha256) {
    /** GitHub. */
    public static final URI GITHUB = URI.create("https://github.com");

    /**
     * Where the file is.
     *
     * @return its address, from which the host may lead on to a storage
     */
    public URI address() {
        return URI.create(host + "/" + file.repository() + "/releases/download/" + file.revision() + "/" + file.path());
    }
}
