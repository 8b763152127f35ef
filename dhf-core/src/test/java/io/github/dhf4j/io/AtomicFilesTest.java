package io.github.dhf4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    Path folder;

    private static void write(Path path, String text) throws IOException {
        AtomicFiles.write(path, temporary -> Files.writeString(temporary, text));
    }

    @Test
    void whatCannotBeWrittenIsSaidBeforeItIsMade() throws IOException {
        assertThatThrownBy(() -> AtomicFiles.requireWritable(folder.resolve("no/x")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("folder of the output file must exist");
        assertThatThrownBy(() -> AtomicFiles.requireWritable(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("must not be a folder");
        assertThatThrownBy(() -> AtomicFiles.requireWritable(folder.resolve("x".repeat(300))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("must be writable");
        AtomicFiles.requireWritable(folder.resolve("x"));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aReadOnlyFileIsKept() throws IOException {
        Path file = Files.writeString(folder.resolve("x"), "mine");
        assumeTrue(file.toFile().setReadOnly() && !Files.isWritable(file), "nothing is read-only for this user");
        assertThatThrownBy(() -> write(file, "other")).hasMessageContaining("read-only");
        assertThat(file).hasContent("mine");
    }

    @Test
    void aLinkStaysALink() throws IOException {
        Path file = Files.writeString(folder.resolve("x"), "first");
        Path link = folder.resolve("link");
        try {
            Files.createSymbolicLink(link, file);
        } catch (IOException | UnsupportedOperationException e) {
            assumeTrue(false, "no symbolic links here");
        }
        write(link, "second");
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(file).hasContent("second");
    }

    @Test
    void aDeviceIsWrittenIntoAndNotReplaced() {
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "no /dev/null here");
        assertThatCode(() -> {
                    AtomicFiles.requireWritable(device);
                    write(device, "nothing");
                })
                .doesNotThrowAnyException();
        assertThat(Files.isRegularFile(device)).isFalse();
    }

    @Test
    void aFileThatOthersDeleteMeanwhileIsWritten() throws Exception {
        Path file = folder.resolve("x");
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> deleting = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        try {
            for (int i = 0; i < 2_000; i++) {
                write(file, "whole");
            }
        } finally {
            done.set(true);
            deleting.get();
        }
        write(file, "last");
        assertThat(file).hasContent("last");
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all).containsExactly(file);
        }
    }

    @Test
    void whatKilledProcessesLeftIsDeletedByTheNext() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        String own = name(elsewhere.resolve("x"));
        String pid = "-" + ProcessHandle.current().pid() + "-";
        assertThat(own).startsWith(".x.").contains(pid);
        Process gone = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
                .redirectErrorStream(true)
                .start();
        gone.getInputStream().readAllBytes();
        gone.waitFor();

        Path left = folder.resolve(own.replace(pid, "-" + gone.pid() + "-"));
        Path alive = folder.resolve(own.replace(".x.", ".y."));
        Path foreign = folder.resolve(".x.0a0b0c0d-1-z.tmp");
        Path foreignOld = folder.resolve(".x.0a0b0c0d-2-z.tmp");
        Path users = folder.resolve(".mine.tmp");
        for (Path file : List.of(left, alive, foreign, foreignOld, users)) {
            Files.writeString(file, "half");
        }
        for (Path file : List.of(foreignOld, users)) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        }
        write(folder.resolve("other"), "whole");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(elsewhere, alive, foreign, users, folder.resolve("other"));
        }
    }

    private static String name(Path target) throws IOException {
        AtomicReference<String> name = new AtomicReference<>();
        AtomicFiles.write(target, temporary -> {
            name.set(temporary.getFileName().toString());
            Files.writeString(temporary, "");
        });
        return Objects.requireNonNull(name.get());
    }
}
