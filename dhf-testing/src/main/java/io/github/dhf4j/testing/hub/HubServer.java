package io.github.dhf4j.testing.hub;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers as the hub does, on this machine: the hub at {@code 127.0.0.1}, and at {@code localhost} with another port, which
 * is another host, the storage that large files lie in. What goes wrong is said by {@link #faults}; every request is kept.
 */
public final class HubServer implements AutoCloseable {
    private static final Pattern API = Pattern.compile("/api/models/([^/]+/[^/]+)/(revision|tree)/([^/]+)/?");
    private static final Pattern RESOLVE = Pattern.compile("/([^/]+/[^/]+)/resolve/([^/]+)/(.+)");
    private static final Pattern RELEASED = Pattern.compile("/([^/]+/[^/]+)/releases/download/([^/]+)/(.+)");
    private static final Pattern STORED = Pattern.compile("/([^/]+/[^/]+)/(.+)");
    private static final int CHUNK = 16_384;

    /**
     * A request as it came.
     *
     * @param host {@code hub} or {@code storage}
     * @param method such as {@code HEAD}
     * @param path decoded
     * @param range the header, or null
     * @param authorization the header, or null
     */
    public record Request(
            String host,
            String method,
            String path,
            @Nullable String range,
            @Nullable String authorization) {}

    private final HttpServer hub;
    private final HttpServer storage;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "hub-server");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, HubRepository> repositories = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final HubFaults faults = new HubFaults();

    /**
     * Starts it on two free ports.
     *
     * @throws IOException if there are none
     */
    public HubServer() throws IOException {
        hub = start("127.0.0.1", this::answer);
        storage = start("localhost", this::store);
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private HttpServer start(String host, Answer answer) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer.to(exchange);
            }
        });
        server.start();
        return server;
    }

    /**
     * Where it is.
     *
     * @return the hub's address
     */
    public String endpoint() {
        return "http://127.0.0.1:" + hub.getAddress().getPort();
    }

    /**
     * Publishes a repository, or its next commit.
     *
     * @param repository its branch main is this commit
     */
    public void publish(HubRepository repository) {
        repositories.put(repository.id(), repository);
    }

    /**
     * What goes wrong.
     *
     * @return to be changed
     */
    public HubFaults faults() {
        return faults;
    }

    /**
     * What was asked.
     *
     * @return in order; live
     */
    public List<Request> requests() {
        return requests;
    }

    /**
     * How often bytes of files were asked for.
     *
     * @return requests of files that are not for their headers
     */
    public long downloads() {
        return requests.stream()
                .filter(request -> request.method().equals("GET"))
                .filter(request -> request.host().equals("storage")
                        || (request.path().contains("/resolve/") && !HubRepository.isLarge(request.path())))
                .count();
    }

    private void note(String host, HttpExchange exchange) {
        requests.add(new Request(
                host,
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                exchange.getRequestHeaders().getFirst("Range"),
                exchange.getRequestHeaders().getFirst("Authorization")));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        if (path.equals("/__requests")) {
            send(exchange, 200, log());
            return;
        }
        note("hub", exchange);
        HubFaults.Status later = faults.nextStatus();
        if (later != null) {
            later.headers().forEach(exchange.getResponseHeaders()::set);
            send(exchange, later.code(), "");
            return;
        }
        Matcher api = API.matcher(path);
        Matcher resolve = RESOLVE.matcher(path);
        Matcher released = RELEASED.matcher(path);
        if (api.matches()) {
            HubRepository repository = find(exchange, api.group(1), decoded(api.group(3)));
            if (repository != null) {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                send(exchange, 200, api.group(2).equals("tree") ? repository.tree() : repository.info());
            }
        } else if (resolve.matches()) {
            HubRepository repository = find(exchange, resolve.group(1), decoded(resolve.group(2)));
            if (repository != null) {
                resolve(exchange, repository, decoded(resolve.group(3)));
            }
        } else if (released.matches() && repositories.containsKey(released.group(1))) {
            redirect(exchange, released.group(1) + "/" + decoded(released.group(3)));
        } else {
            send(exchange, 404, "");
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private @Nullable HubRepository find(HttpExchange exchange, String id, String revision) throws IOException {
        HubRepository repository = repositories.get(id);
        if (repository == null) {
            error(exchange, 401, "RepoNotFound");
        } else if (faults.isGated(id) && exchange.getRequestURI().getPath().contains("/resolve/")) {
            error(exchange, 403, "GatedRepo");
        } else if (!revision.equals("main") && !revision.equals(repository.commit())) {
            error(exchange, 404, "RevisionNotFound");
        } else {
            return repository;
        }
        return null;
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        exchange.getResponseHeaders().set("X-Error-Code", code);
        send(exchange, status, "");
    }

    private void resolve(HttpExchange exchange, HubRepository repository, String path) throws IOException {
        exchange.getResponseHeaders().set("X-Repo-Commit", repository.commit());
        byte[] bytes = repository.files().get(path);
        if (bytes == null) {
            error(exchange, 404, "EntryNotFound");
            return;
        }
        if (!HubRepository.isLarge(path)) {
            exchange.getResponseHeaders().set("ETag", '"' + repository.etag(path) + '"');
            body(exchange, path, bytes);
            return;
        }
        exchange.getResponseHeaders().set("X-Linked-Etag", '"' + repository.etag(path) + '"');
        exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(bytes.length + faults.sizeOff()));
        exchange.getResponseHeaders().set("ETag", "\"of-the-redirect\"");
        redirect(exchange, repository.id() + "/" + path);
    }

    private void redirect(HttpExchange exchange, String stored) throws IOException {
        exchange.getResponseHeaders()
                .set(
                        "Location",
                        "http://localhost:" + storage.getAddress().getPort() + "/" + stored
                                + "?signature=secret-of-the-storage");
        send(exchange, 302, "");
    }

    private void store(HttpExchange exchange) throws IOException {
        note("storage", exchange);
        Matcher matcher = STORED.matcher(exchange.getRequestURI().getPath());
        HubRepository repository = matcher.matches() ? repositories.get(matcher.group(1)) : null;
        byte[] bytes = repository == null ? null : repository.files().get(matcher.group(2));
        if (bytes == null) {
            send(exchange, 404, "");
            return;
        }
        body(exchange, matcher.group(2), bytes);
    }

    /** A file, or the rest of it; as slow, wrong or short as the faults say. */
    private void body(HttpExchange exchange, String path, byte[] bytes) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null || faults.ignoresRanges() ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        if (from > 0 && from >= bytes.length) {
            send(exchange, 416, "");
            return;
        }
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
        }
        byte[] sent = faults.content(path, bytes);
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, bytes.length - from);
        int end = (int) Math.min(bytes.length, faults.nextCut(from));
        try (OutputStream out = exchange.getResponseBody()) {
            out.flush(); // newer JDKs send headers with the body: one that is cut at its beginning would be no
            // answer at all
            for (int at = from; at < end; at += CHUNK) {
                out.write(sent, at, Math.min(CHUNK, end - at));
                out.flush();
                faults.waitBetween();
            }
            faults.hangAt(end < bytes.length);
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        boolean empty = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, empty ? -1 : bytes.length);
        if (!empty) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private String log() {
        JsonArray all = new JsonArray();
        for (Request request : requests) {
            JsonObject each = new JsonObject();
            each.addProperty("host", request.host());
            each.addProperty("method", request.method());
            each.addProperty("path", request.path());
            each.addProperty("token", request.authorization() != null);
            all.add(each);
        }
        return all.toString();
    }

    @Override
    public void close() {
        hub.stop(0);
        storage.stop(0);
        threads.shutdownNow();
    }

    /**
     * Serves a folder until it is killed. Prints its address; {@code /__requests} lists what was asked.
     *
     * @param arguments {@code owner/name} and a folder, as often as there are repositories
     * @throws Exception if a folder cannot be read
     */
    public static void main(String[] arguments) throws Exception {
        HubServer server = new HubServer();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            HubRepository repository = HubRepository.of(arguments[i], Path.of(arguments[i + 1]));
            server.publish(repository);
            System.err.println(repository.id() + " " + repository.commit());
        }
        System.out.println(server.endpoint());
        Thread.currentThread().join();
    }
}
