package io.github.dhf4j.io.hub;

import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.io.hub.HubException.Reason;
import java.io.IOException;
import java.net.Authenticator;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Requests of the hub. Redirects are followed by hand: the token goes with a request only where that goes to the
 * endpoint's own scheme, host and port, and never from https to http. Proxies are those of the JVM.
 */
final class HubClient {
    private static final int REDIRECTS = 10;
    private static final long POLL_MILLIS = 50;

    private final HubSettings settings;
    private final RunMonitor monitor;
    private final HttpClient http;
    private final Function<HubId, URI> addresses;

    HubClient(HubSettings settings, RunMonitor monitor) {
        this(settings, monitor, file -> resolve(settings, file));
    }

    /** Of files that are at other addresses. */
    HubClient(HubSettings settings, RunMonitor monitor, Function<HubId, URI> addresses) {
        this.settings = settings;
        this.monitor = monitor;
        this.addresses = addresses;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.patience().answer());
        Authenticator ofProxies = Authenticator.getDefault();
        this.http = (ofProxies == null ? builder : builder.authenticator(ofProxies)).build();
    }

    /** What the server says of a file: its own answer, without asking the storage that it may lead to. */
    HubAnswer head(HubId file, HubPatience patience) throws IOException {
        return send(new Request(file, "HEAD", addresses.apply(file), 0, false), patience);
    }

    /** A file's bytes, from one on. */
    HubAnswer get(HubId file, long from) throws IOException {
        return send(new Request(file, "GET", addresses.apply(file), from, true), settings.patience());
    }

    /** What the server says of a repository. */
    HubAnswer list(HubId repository, HubPatience patience) throws IOException {
        URI uri = URI.create(settings.endpoint() + "/api/models/" + repository.repository() + "/revision/"
                + encoded(repository.revision()));
        return send(new Request(repository, "GET", uri, 0, false), patience);
    }

    private static URI resolve(HubSettings settings, HubId file) {
        StringBuilder uri = new StringBuilder(
                settings.endpoint() + "/" + file.repository() + "/resolve/" + encoded(file.revision()));
        for (String segment : file.path().split("/", -1)) {
            uri.append('/').append(encoded(segment));
        }
        return URI.create(uri.toString());
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private record Request(HubId id, String method, URI uri, long from, boolean leaves) {}

    private HubAnswer send(Request request, HubPatience patience) throws IOException {
        HubFailures failures = new HubFailures(settings, request.id());
        for (int tried = 0; ; tried++) {
            HubException failed;
            Duration asked = Duration.ZERO;
            int tries = patience.tries();
            try {
                HubAnswer answer = follow(request, failures);
                if (answer.status() < 400 || answer.status() == 416) {
                    return answer;
                }
                answer.close();
                failed = failures.answered(answer.status(), answer.headers(), answer.uri());
                asked = retryAfter(answer.headers());
            } catch (HubException e) {
                throw e;
            } catch (IOException e) {
                failed = failures.unreachable(e);
                tries = Math.min(tries, 2);
            }
            if (tried + 1 >= tries || (failed.reason() != Reason.BUSY && failed.reason() != Reason.UNREACHABLE)) {
                throw failed;
            }
            pause(patience.pause(tried, asked));
        }
    }

    private HubAnswer follow(Request request, HubFailures failures) throws IOException {
        URI at = request.uri();
        for (int hops = 0; hops < REDIRECTS; hops++) {
            HubAnswer answer = HubAnswer.of(once(request, at), at);
            if (!answer.isRedirect()) {
                return answer;
            }
            URI next = next(at, answer.header("Location"));
            if (next == null) {
                answer.close();
                throw failures.strange("come from a server that says where it is", "a redirect to nowhere");
            }
            if (!isSameOrigin(next, settings.endpoint()) && !request.leaves()) {
                return answer;
            }
            answer.close();
            if (at.getScheme().equals("https") && !"https".equals(next.getScheme())) {
                throw failures.strange("come over https", "a redirect to " + next.getScheme());
            }
            at = next;
        }
        throw failures.strange("be there", "more than " + REDIRECTS + " redirects");
    }

    private static @Nullable URI next(URI from, @Nullable String location) {
        try {
            URI next = location == null ? null : from.resolve(location);
            boolean known = next != null
                    && next.getHost() != null
                    && ("https".equals(next.getScheme()) || "http".equals(next.getScheme()));
            return known ? next : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private HttpResponse<Flow.Publisher<List<ByteBuffer>>> once(Request request, URI at) throws IOException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(at)
                .method(request.method(), HttpRequest.BodyPublishers.noBody())
                .timeout(settings.patience().answer())
                .header("User-Agent", "dhf4j/" + Environment.version())
                // of what is packed on the way neither size nor ranges would be the file's
                .header("Accept-Encoding", "identity");
        HubToken token = settings.token();
        if (token != null && isSameOrigin(at, settings.endpoint())) {
            builder.header("Authorization", token.header());
        }
        if (request.from() > 0) {
            builder.header("Range", "bytes=" + request.from() + "-");
        }
        return await(http.sendAsync(builder.build(), BodyHandlers.ofPublisher()));
    }

    private <T> T await(CompletableFuture<T> answer) throws IOException {
        while (true) {
            try {
                monitor.checkCancelled();
                return answer.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // asks again whether it is still wanted
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (CancellationException e) {
                answer.cancel(true);
                throw e;
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            }
        }
    }

    /** Waits before a further try. */
    void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            monitor.checkCancelled();
            try {
                TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Duration retryAfter(HttpHeaders headers) {
        String value = headers.firstValue("Retry-After").orElse("").strip();
        try {
            if (value.matches("\\d{1,6}")) {
                return Duration.ofSeconds(Long.parseLong(value));
            }
            Duration until = value.isEmpty()
                    ? Duration.ZERO
                    : Duration.between(
                            ZonedDateTime.now(ZoneOffset.UTC),
                            ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME));
            return until.isNegative() ? Duration.ZERO : until;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }

    static boolean isSameOrigin(URI a, URI b) {
        return String.valueOf(a.getScheme()).equalsIgnoreCase(b.getScheme())
                && String.valueOf(a.getHost()).equalsIgnoreCase(b.getHost())
                && port(a) == port(b);
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }
}
