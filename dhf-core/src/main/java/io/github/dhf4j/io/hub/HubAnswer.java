package io.github.dhf4j.io.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * An answer whose body is not read yet; closing it drops the rest.
 *
 * @param response of the last server that was asked
 * @param uri where it was asked
 */
record HubAnswer(HttpResponse<InputStream> response, URI uri) implements AutoCloseable {
    int status() {
        return response.statusCode();
    }

    boolean isRedirect() {
        return status() / 100 == 3 && status() != 304;
    }

    HttpHeaders headers() {
        return response.headers();
    }

    @Nullable
    String header(String name) {
        return headers().firstValue(name).orElse(null);
    }

    InputStream body() {
        return response.body();
    }

    @Override
    public void close() throws IOException {
        response.body().close();
    }
}
