package io.github.dhf4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.testing.Golden;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One image in every form that a program may have of it. */
class ImageInputsTest {
    private static final Path A = Golden.fixtures().resolve("images/a.png");
    private static final Path OTHER = Golden.fixtures().resolve("odd/photo.jpg");

    @TempDir
    Path folder;

    private byte[] bytes = {};
    private RgbImage expected = new RgbImage(1, 1, new byte[3]);

    @BeforeEach
    void read() throws IOException {
        bytes = Files.readAllBytes(A);
        expected = RgbImage.read(A);
    }

    private void isA(RgbImage image) {
        assertThat(image.size()).isEqualTo(expected.size());
        assertThat(image.samples()).isEqualTo(expected.samples());
    }

    private Path jar(Path image) throws IOException {
        Path jar = folder.resolve("pictures of mine.jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry("pictures/a.png"));
            out.write(Files.readAllBytes(image));
        }
        return jar;
    }

    private static URL in(Path jar, String name) throws IOException {
        return new URL("jar:" + jar.toUri() + "!/" + name);
    }

    @Test
    void aFileHasTheSamePixelsByPathFileUrlUriStreamAndBytes() throws IOException {
        Path odd = Files.copy(A, folder.resolve("straße 100% 東京.png"));
        isA(RgbImage.read(odd));
        isA(RgbImage.read(odd.toFile()));
        isA(RgbImage.read(odd.toUri()));
        isA(RgbImage.read(odd.toUri().toURL()));
        isA(RgbImage.read(new URL("file:" + A)));
        // as old programs make them
        Path spaced = Files.copy(A, folder.resolve("a b.png"));
        isA(RgbImage.read(new URL("file", "", spaced.toString())));
        isA(RgbImage.read(bytes));
        try (InputStream stream = Files.newInputStream(A)) {
            isA(RgbImage.read(stream));
        }
    }

    @Test
    void aResourceOfTheClassPathIsReadWhetherInAFolderOrInAJar() throws IOException {
        Path jar = jar(A);
        Path classes = Files.createDirectories(folder.resolve("classes/pictures"));
        Files.copy(A, classes.resolve("a.png"));
        for (Path entry : new Path[] {jar, classes.getParent()}) {
            try (URLClassLoader loader =
                    new URLClassLoader(new URL[] {entry.toUri().toURL()}, null)) {
                URL resource = loader.getResource("pictures/a.png");
                isA(RgbImage.read(resource));
                isA(RgbImage.read(resource.toURI()));
            } catch (java.net.URISyntaxException e) {
                throw new AssertionError(e);
            }
        }
        isA(RgbImage.read(in(jar, "pictures/a.png")));
        try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of())) {
            isA(RgbImage.read(zip.getPath("pictures/a.png")));
        }
    }

    @Test
    void aJarThatIsReplacedIsReadAnew() throws IOException {
        Path jar = jar(A);
        isA(RgbImage.read(in(jar, "pictures/a.png")));
        jar(OTHER);
        assertThat(RgbImage.read(in(jar, "pictures/a.png")).samples())
                .isEqualTo(RgbImage.read(OTHER).samples());
    }

    @Test
    void aStreamIsReadToItsEndAndLeftOpen() throws IOException {
        AtomicBoolean closed = new AtomicBoolean();
        ByteArrayInputStream stream = new ByteArrayInputStream(bytes) {
            @Override
            public void close() {
                closed.set(true);
            }
        };
        isA(RgbImage.read(stream));
        assertThat(closed).isFalse();
        assertThat(stream.read()).isEqualTo(-1);
    }

    @Test
    void whatFailsIsNamed() throws IOException {
        Path jar = jar(A);
        byte[] cut = java.util.Arrays.copyOf(bytes, bytes.length / 2);
        Path none = folder.resolve("none.png");
        says(() -> RgbImage.read(cut), "the given bytes");
        says(() -> RgbImage.read(new byte[0]), "the given bytes");
        says(() -> RgbImage.read(new byte[300]), "the given bytes");
        says(() -> RgbImage.read(new ByteArrayInputStream(cut)), "the given stream");
        says(() -> RgbImage.read(InputStream.nullInputStream()), "the given stream");
        InputStream shut = InputStream.nullInputStream();
        shut.close();
        says(() -> RgbImage.read(shut), "the given stream");
        says(() -> RgbImage.read(none.toFile()), "none.png", "no such file");
        says(() -> RgbImage.read(none.toUri()), "none.png", "no such file");
        says(() -> RgbImage.read(none.toUri().toURL()), "none.png", "no such file");
        says(() -> RgbImage.read(folder.toUri().toURL()), "a folder");
        says(() -> RgbImage.read(in(jar, "pictures/b.png")), "pictures/b.png", "not found");
        says(() -> RgbImage.read(in(jar, "pictures/")), "pictures/");
        says(() -> RgbImage.read(in(none, "a.png")), "none.png");
        says(() -> RgbImage.read(new URL("jar:http://127.0.0.1:9/x.jar!/a.png")), "fetch the jar");
        says(() -> RgbImage.read(URI.create("file://server/share/a.png")), "file://server/share/a.png");
        says(() -> RgbImage.read(URI.create("hopper:a.png")), "hopper:a.png", "unknown protocol: hopper");
        says(() -> RgbImage.read(URI.create("mailto:a@b.org")), "mailto:a@b.org");
    }

    private static void says(ThrowingCallable read, String... words) {
        assertThatThrownBy(read)
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(words)
                .satisfies(e -> assertThat(e.getMessage()).contains(" must ").hasSizeLessThan(400));
    }

    @Test
    @SuppressWarnings("NullAway")
    void slipsOfTheCallerSayWhatToDo() {
        assertThatThrownBy(() -> RgbImage.read(URI.create("pictures/a.png")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an image's URI must have a scheme such as file:, got pictures/a.png;"
                        + " of a path there is Path.of");
        assertThatThrownBy(() -> RgbImage.read(ImageInputsTest.class.getResource("none.png")))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("Class.getResource gives null");
        assertThatThrownBy(() -> RgbImage.read(ImageInputsTest.class.getResourceAsStream("none.png")))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("Class.getResourceAsStream gives null");
        assertThatThrownBy(() -> RgbImage.read(new File("none.png")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none.png");
    }
}
