package io.github.dhf4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.dhf4j.testing.Golden;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Images of a web server that is on this machine. */
@Timeout(60)
class WebImagesTest {
    private static final Path A = Golden.fixtures().resolve("images/a.png");

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server = start();

    private static HttpServer start() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void serve() throws IOException {
        byte[] image = Files.readAllBytes(A);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Accept"));
            String path = exchange.getRequestURI().getPath();
            switch (path) {
                case "/a.png" -> answer(exchange, 200, image);
                case "/cut.png" -> answer(exchange, 200, java.util.Arrays.copyOf(image, 400));
                case "/page" -> answer(exchange, 200, "<html>log in</html>".getBytes(StandardCharsets.UTF_8));
                case "/empty" -> answer(exchange, 204, new byte[0]);
                case "/moved" -> redirect(exchange, "a.png");
                case "/round" -> redirect(exchange, "/round");
                case "/to-file" -> redirect(exchange, A.toUri().toString());
                case "/nowhere" -> answer(exchange, 302, new byte[0]);
                case "/silent" -> await();
                case "/drip" -> drip(exchange);
                default -> answer(exchange, 404, "no".getBytes(StandardCharsets.UTF_8));
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().add("Location", to);
        answer(exchange, 302, new byte[0]);
    }

    private void await() {
        try {
            assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drip(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        try {
            while (!over.await(20, TimeUnit.MILLISECONDS)) {
                out.write(1);
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private URL url(String path) throws IOException {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path)
                .toURL();
    }

    @Test
    void anImageOfAWebServerHasThePixelsOfItsFile() throws IOException {
        byte[] expected = RgbImage.read(A).samples();
        assertThat(RgbImage.read(url("/a.png")).samples()).isEqualTo(expected);
        assertThat(RgbImage.read(URI.create(url("/a.png?size=1").toString())).samples())
                .isEqualTo(expected);
        assertThat(RgbImage.read(url("/moved")).samples()).isEqualTo(expected);
        assertThat(asked).hasSize(4).first().asString().contains("image/png, image/jpeg");
    }

    @Test
    void whatIsNoImageIsNamedWithoutWhatMayBeSecret() throws IOException {
        says(url("/none.png?token=hunter2"), "HTTP status 404", "/none.png?...");
        says(url("/empty"), "HTTP status 204");
        says(url("/nowhere"), "HTTP status 302");
        says(url("/page"), "a web page in the image's place");
        says(url("/cut.png"), "/cut.png");
        says(url("/round"), "more than 5 redirects");
        says(url("/to-file"), "a redirect to file:");
        says(new URL("http://me:hunter2@127.0.0.1:" + server.getAddress().getPort() + "/none"), "http://127.0.0.1");
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        says(new URL("http://127.0.0.1:" + free + "/a.png"), "refused");
        says(new URL("http://:80/a.png"), "a.png");
    }

    private static void says(URL url, String... words) {
        assertThatThrownBy(() -> RgbImage.read(url))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(words)
                .hasMessageStartingWith("image must be")
                .satisfies(e ->
                        assertThat(e.getMessage()).doesNotContain("hunter2").hasSizeLessThan(400));
    }

    @Test
    void aServerCanNeitherHoldACallerNorFillTheMemory() throws IOException {
        WebFile strict = new WebFile(500, 300, 900, 1000);
        assertThatThrownBy(() -> strict.fetch(url("/silent"))).hasMessageContaining("no answer in time");
        assertThatThrownBy(() -> strict.fetch(url("/drip"))).hasMessageContaining("only a part of it in time");
        assertThatThrownBy(() -> strict.fetch(url("/a.png"))).hasMessageContaining("more than 1");
    }
}
