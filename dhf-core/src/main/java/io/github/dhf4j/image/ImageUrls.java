package io.github.dhf4j.image;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Images that URLs lead to: files, resources of the class path, what a web server has. */
final class ImageUrls {
    private static final int TIMEOUT_MILLIS = 20_000;

    private ImageUrls() {}

    static RgbImage read(URL url) throws IOException {
        Objects.requireNonNull(
                url,
                "an image's URL must not be null; where there is no such resource,"
                        + " Class.getResource gives null: check the resource's name");
        return switch (url.getProtocol().toLowerCase(Locale.ROOT)) {
            case "file" -> ImageDecoder.read(path(url));
            case "http", "https" -> ImageDecoder.read(WebFile.IMAGE.fetch(url), WebFile.shown(url));
            default -> ImageDecoder.read(bytes(url), url.toString());
        };
    }

    static RgbImage read(URI uri) throws IOException {
        if (!uri.isAbsolute()) {
            throw new IllegalArgumentException(
                    "an image's URI must have a scheme such as file:, got " + uri + "; of a path there is Path.of");
        }
        URL url;
        try {
            url = uri.toURL();
        } catch (MalformedURLException e) {
            return ImageDecoder.read(path(uri, e));
        }
        return read(url);
    }

    private static Path path(URL url) throws IOException {
        try {
            return path(url.toURI(), null);
        } catch (URISyntaxException e) {
            // such as File.toURL gives it where names have spaces
            return new File(url.getPath()).toPath();
        }
    }

    private static Path path(URI uri, @Nullable IOException noUrl) throws IOException {
        try {
            return Path.of(uri);
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            throw ImageBytes.unreadable(noUrl == null ? new IOException(e.getMessage(), e) : noUrl, uri.toString());
        }
    }

    /** A resource in a jar, or whatever the program has a handler for. */
    private static byte[] bytes(URL url) throws IOException {
        String inner = url.getPath().toLowerCase(Locale.ROOT);
        if (inner.startsWith("http:") || inner.startsWith("https:")) {
            throw new IOException("image in a jar must be in a jar that is a file, got one of a web server (" + url
                    + "); fetch the jar");
        }
        try (InputStream in = open(url)) {
            return ImageBytes.of(in, url.toString());
        }
    }

    private static InputStream open(URL url) throws IOException {
        try {
            URLConnection connection = url.openConnection();
            // else a jar would stay open, and its old content be given after it was replaced
            connection.setUseCaches(false);
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            return connection.getInputStream();
        } catch (IOException e) {
            throw ImageBytes.unreadable(e, url.toString());
        }
    }
}
