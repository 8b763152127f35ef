package io.github.dhf4j.image;

import io.github.dhf4j.io.Texts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a file from a web server: no more than so many bytes in no more than so much time, over no more than a few
 * redirects, never from https to http.
 *
 * @param connectMillis to wait for a connection
 * @param silentMillis to wait for the next byte
 * @param wholeMillis for the file, when bytes come
 * @param bytes how many at most
 */
record WebFile(int connectMillis, int silentMillis, int wholeMillis, int bytes) {
    static final WebFile IMAGE = new WebFile(10_000, 20_000, 120_000, 256 << 20);

    private static final int REDIRECTS = 5;

    private interface Call<T> {
        T run() throws IOException;
    }

    byte[] fetch(URL url) throws IOException {
        String where = shown(url);
        long end = System.nanoTime() + wholeMillis * 1_000_000L;
        URL at = url;
        for (int hops = 0; hops <= REDIRECTS; hops++) {
            HttpURLConnection connection = (HttpURLConnection) at.openConnection();
            try {
                connection.setConnectTimeout(connectMillis);
                connection.setReadTimeout(silentMillis);
                connection.setInstanceFollowRedirects(false);
                connection.setRequestProperty("User-Agent", "dhf4j");
                // of servers that have an image in several formats: one that is read
                connection.setRequestProperty("Accept", "image/png, image/jpeg, image/gif, image/bmp, */*;q=0.1");
                int status = call(connection::getResponseCode, where);
                if (status == HttpURLConnection.HTTP_OK) {
                    return body(connection, where, end);
                }
                at = next(at, status, connection.getHeaderField("Location"), where);
            } finally {
                connection.disconnect();
            }
        }
        throw failed("more than " + REDIRECTS + " redirects", where, null);
    }

    private byte[] body(HttpURLConnection connection, String where, long end) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] part = new byte[1 << 16];
        try (InputStream in = call(connection::getInputStream, where)) {
            int count;
            while ((count = call(() -> in.read(part), where)) >= 0) {
                body.write(part, 0, count);
                if (body.size() > bytes) {
                    throw failed("more than " + Texts.bytes(bytes), where, null);
                }
                if (System.nanoTime() - end > 0) {
                    throw failed("only a part of it in time", where, null);
                }
            }
        }
        return body.toByteArray();
    }

    private static <T> T call(Call<T> call, String where) throws IOException {
        try {
            return call.run();
        } catch (SocketTimeoutException e) {
            throw failed("no answer in time", where, e);
        } catch (IOException e) {
            throw failed(Texts.reason(e), where, e);
        }
    }

    private static URL next(URL from, int status, @Nullable String location, String where) throws IOException {
        if (status / 100 != 3 || location == null) {
            throw failed("HTTP status " + status, where, null);
        }
        URL to = new URL(from, location);
        String scheme = to.getProtocol().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https")
                && !(scheme.equals("http") && from.getProtocol().equalsIgnoreCase("http"))) {
            throw failed("a redirect to " + Texts.shown(shown(to)), where, null);
        }
        return to;
    }

    /** Without what may be secret: user, password and query. */
    static String shown(URL url) {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        String query = url.getQuery() == null ? "" : "?...";
        return url.getProtocol() + "://" + url.getHost() + port + url.getPath() + query;
    }

    private static IOException failed(String got, String where, @Nullable Exception cause) {
        return new IOException(
                "image must be had from its server, got " + got + " (" + where
                        + "); fetch it yourself and give the file",
                cause);
    }
}
