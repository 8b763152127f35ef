package io.github.dhf4j.io.hub;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * An answer whose body is not read yet; closing it drops the rest.
 *
 * @param status of HTTP
 * @param headers of the last server that was asked
 * @param uri where it was asked
 * @param body as it comes
 */
record HubAnswer(int status, HttpHeaders headers, URI uri, HubBody body) implements AutoCloseable {
    static HubAnswer of(HttpResponse<Flow.Publisher<List<ByteBuffer>>> response, URI uri) {
        HubBody body = new HubBody();
        response.body().subscribe(body);
        return new HubAnswer(response.statusCode(), response.headers(), uri, body);
    }

    boolean isRedirect() {
        return status / 100 == 3 && status != 304;
    }

    @Nullable
    String header(String name) {
        return headers.firstValue(name).orElse(null);
    }

    @Override
    public void close() {
        body.close();
    }
}
