package io.github.dhf4j.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.Hyperfeatures;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.Point;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The server as its clients meet it. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MatchServerTest {
    private static final String BOUNDARY = "----parts";
    private static final String POINTS = "71.7,38.9;39.6,44.4";

    private final HttpClient client = HttpClient.newHttpClient();
    private ConfigurableApplicationContext server;
    private byte[] first;
    private byte[] second;

    @BeforeAll
    void start() throws IOException {
        first = bundled("car-1.png");
        second = bundled("car-2.png");
        server = server();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static ConfigurableApplicationContext server(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("--server.port=0", "--spring.main.banner-mode=off", "--logging.level.root=warn"));
        arguments.addAll(List.of(more));
        return SpringApplication.run(MatchServer.class, arguments.toArray(new String[0]));
    }

    private static byte[] bundled(String name) throws IOException {
        try (InputStream stream =
                Objects.requireNonNull(Hyperfeatures.class.getResourceAsStream("tiny/pair/" + name))) {
            return stream.readAllBytes();
        }
    }

    private CompletableFuture<HttpResponse<byte[]>> ask(
            ConfigurableApplicationContext of, String path, Map<String, byte[]> parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        parts.forEach((name, content) -> {
            String file = name.equals("points") ? "" : "; filename=\"picture\"";
            body.writeBytes(
                    ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"" + file + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            body.writeBytes(content);
            body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        });
        body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        String port = of.getEnvironment().getRequiredProperty("local.server.port");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private Map<String, byte[]> pictures() {
        return Map.of("first", first, "second", second, "points", POINTS.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static void assertRefused(HttpResponse<byte[]> response, int status, String part) {
        assertThat(response.statusCode()).as(text(response)).isEqualTo(status);
        assertThat(JsonParser.parseString(text(response))
                        .getAsJsonObject()
                        .get("error")
                        .getAsString())
                .contains(part);
    }

    @Test
    void pointsComeBackAsTheLibraryFindsThem() throws IOException {
        HttpResponse<byte[]> response = ask(server, "/match", pictures()).join();
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        JsonArray matches = JsonParser.parseString(text(response)).getAsJsonArray();
        List<Correspondence> expected = server.getBean(Hyperfeatures.Images.class)
                .of(RgbImage.read(first))
                .match(RgbImage.read(second), List.of(new Point(71.7, 38.9), new Point(39.6, 44.4)));
        assertThat(matches).hasSize(2);
        for (int i = 0; i < 2; i++) {
            JsonObject target = matches.get(i).getAsJsonObject().getAsJsonObject("target");
            assertThat(target.get("x").getAsDouble())
                    .isEqualTo(expected.get(i).target().x());
            assertThat(target.get("y").getAsDouble())
                    .isEqualTo(expected.get(i).target().y());
            assertThat(matches.get(i).getAsJsonObject().get("confidence").getAsDouble())
                    .isEqualTo(expected.get(i).confidence());
        }
        Map<String, byte[]> without = Map.of("first", first, "second", second);
        assertThat(JsonParser.parseString(text(ask(server, "/match", without).join()))
                        .getAsJsonArray())
                .as("mutual nearest neighbours")
                .hasSizeGreaterThan(20);
    }

    @Test
    void thePictureIsAPng() throws IOException {
        HttpResponse<byte[]> response = ask(server, "/match.png", pictures()).join();
        assertThat(response.headers().firstValue("Content-Type")).hasValue("image/png");
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(response.body()));
        assertThat(picture.getWidth()).isGreaterThan(500);
    }

    @Test
    void requestsAtTheSameTimeGetTheSame() {
        List<CompletableFuture<HttpResponse<byte[]>>> asked = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            asked.add(ask(server, "/match", pictures()));
        }
        assertThat(asked.stream()
                        .map(CompletableFuture::join)
                        .map(MatchServerTest::text)
                        .distinct())
                .hasSize(1)
                .allMatch(text -> text.startsWith("[{\"source\""));
    }

    @Test
    void whatIsNoPictureIsRefusedWithTheReason() throws IOException {
        byte[] text = "no picture".getBytes(StandardCharsets.UTF_8);
        assertRefused(
                ask(server, "/match", Map.of("first", first, "second", text)).join(), 400, "(second)");
        assertRefused(
                ask(
                                server,
                                "/match",
                                Map.of("first", java.util.Arrays.copyOf(first, first.length / 2), "second", second))
                        .join(),
                400,
                "(first)");
        byte[] wide = PictureFiles.png(new BufferedImage(8000, 5001, BufferedImage.TYPE_BYTE_BINARY));
        assertThat(wide).hasSizeLessThan(1_000_000);
        assertRefused(
                ask(server, "/match", Map.of("first", wide, "second", second)).join(),
                400,
                "picture must have at most 40000000 pixels, got 8000 x 5001 (first)");
        assertRefused(
                ask(
                                server,
                                "/match.png",
                                Map.of(
                                        "first",
                                        first,
                                        "second",
                                        second,
                                        "points",
                                        "1;2".getBytes(StandardCharsets.UTF_8)))
                        .join(),
                400,
                "points must be x,y;x,y in pixels of the first picture, got 1");
        assertRefused(
                ask(
                                server,
                                "/match",
                                Map.of(
                                        "first",
                                        first,
                                        "second",
                                        second,
                                        "points",
                                        "999,2".getBytes(StandardCharsets.UTF_8)))
                        .join(),
                400,
                "999");
    }

    @Test
    void tooManyBytesAreRefused() {
        assertRefused(
                ask(server, "/match", Map.of("first", new byte[11 << 20], "second", second))
                        .join(),
                413,
                "size");
    }

    @Test
    void whoWaitsTooLongIsSentAway() throws InterruptedException {
        try (ConfigurableApplicationContext busy = server("--dhf.wait=0s")) {
            HttpResponse<byte[]> refused = busy.getBean(MatchSlots.class)
                    .run(() -> ask(busy, "/match", pictures()).join());
            assertRefused(refused, 503, "all matchers are busy");
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("10");
        }
    }

    @Test
    void aStopLetsARequestThatRunsEnd() throws InterruptedException {
        ConfigurableApplicationContext stopped = server();
        DescriptorPipeline pipeline = stopped.getBean(DescriptorPipeline.class);
        MatchSlots slots = stopped.getBean(MatchSlots.class);
        CompletableFuture<HttpResponse<byte[]>> running = ask(stopped, "/match", pictures());
        while (slots.running() == 0) {
            assertThat(running).isNotDone();
            Thread.sleep(1);
        }
        stopped.close();
        assertThat(running.join().statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> pipeline.describe(first)).isInstanceOf(IllegalStateException.class);
    }
}
