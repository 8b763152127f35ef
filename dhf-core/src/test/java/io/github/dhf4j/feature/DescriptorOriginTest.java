package io.github.dhf4j.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.OpenedFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptorOriginTest {
    @TempDir
    Path folder;

    private final AtomicInteger digests = new AtomicInteger();

    private OriginPart part(String name, String digest) {
        return OriginPart.of(name, () -> {
            digests.incrementAndGet();
            return digest;
        });
    }

    private DescriptorOrigin origin(String checkpoint, String digest, String weights, String weightsDigest) {
        return new DescriptorOrigin(part(checkpoint, digest), part(weights, weightsDigest));
    }

    private static DescriptorMap map(@Nullable DescriptorOrigin origin) {
        return new DescriptorMap(1, new Size(2, 1), new float[] {1, 2}, new Size(3, 3), new Size(4, 4))
                .withOrigin(origin);
    }

    private DescriptorMap kept(DescriptorMap map) throws IOException {
        Path file = folder.resolve("map.safetensors");
        map.save(file);
        return DescriptorMap.load(file);
    }

    @Test
    void mapsOfOneOriginNeedNoDigest() {
        DescriptorMap a = map(origin("checkpoint a", "1", "weights w", "2"));
        a.requireComparable(a.withMatchSize(new Size(9, 9)).withExtent(new MapExtent(0, 0, 0.5, 1)));
        assertThat(digests).hasValue(0);
    }

    @Test
    void aDigestThatWasMadeStaysKnownWhenItsFilesAreGone() throws IOException {
        Path weights = Files.writeString(folder.resolve("weights"), "w");
        OriginPart made = OriginPart.of("checkpoint a", () -> Files.readString(weights));
        OriginPart late = OriginPart.of("checkpoint a", () -> Files.readString(weights));
        assertThat(made.requireDigest()).isEqualTo("w");
        Files.delete(weights);
        assertThat(made.requireDigest()).isEqualTo("w");
        assertThat(made.digest()).contains("w");
        assertThat(late.digest()).isEmpty();
        assertThatThrownBy(late::requireDigest)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(weights.toString());
        assertThatThrownBy(OriginPart.known("checkpoint b", null)::requireDigest)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("got no digest of checkpoint b");
    }

    @Test
    void whatIsEqualUnderAnotherNameBelongsTogetherOnDiskToo() throws IOException {
        DescriptorMap a = map(origin("checkpoint a", "1", "weights w", "2"));
        DescriptorMap copy = map(origin("checkpoint copy", "1", "weights w2", "2"));
        for (DescriptorMap each : List.of(copy, kept(copy))) {
            a.requireComparable(each);
            each.requireComparable(a);
        }
        // once for each part
        assertThat(digests).hasValue(4);
        assertThat(kept(a)).isEqualTo(a);
        DescriptorOrigin origin = kept(a).origin();
        assertThat(origin == null ? "none" : origin.network().name()).isEqualTo("checkpoint a");
    }

    @Test
    void whatDiffersIsNamedOnBothSides() throws IOException {
        DescriptorMap a = map(origin("checkpoint a", "1", "weights w", "2"));
        for (List<String> other : List.of(
                List.of("checkpoint b", "9", "weights w", "2", "checkpoint b with weights w, of other checkpoints;"),
                List.of(
                        "checkpoint a",
                        "1",
                        "weights v",
                        "9",
                        "checkpoint a with weights v, of other weights, layers or calls;"),
                List.of(
                        "checkpoint b",
                        "9",
                        "weights v",
                        "9",
                        "checkpoint b with weights v, of other checkpoints and weights;"),
                List.of(
                        "checkpoint a",
                        "999999999",
                        "weights w",
                        "2",
                        "checkpoint a (999999) with weights w, of other checkpoints;"))) {
            DescriptorMap map = map(origin(other.get(0), other.get(1), other.get(2), other.get(3)));
            for (DescriptorMap each : List.of(map, kept(map))) {
                assertThatThrownBy(() -> a.requireComparable(each))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("got checkpoint a")
                        .hasMessageContaining(other.get(4))
                        .hasMessageNotContaining("\n");
            }
            assertThatThrownBy(() -> DescriptorMap.saveAll(List.of(a, map), folder.resolve("both.safetensors")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(
                        () -> DescriptorMap.saveAll(List.of(a, a.withOrigin(null)), folder.resolve("both.safetensors")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMessageIsShortAndPrintableWhateverIsNamed() {
        String name = "checkpoint \u0007" + "x".repeat(500);
        assertThatThrownBy(() -> map(origin(name, "1".repeat(64), name, "2".repeat(64)))
                        .requireComparable(map(origin(name, "3".repeat(64), name, "4".repeat(64)))))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400).doesNotContain("\u0007"));
    }

    @Test
    void mapsThatDoNotSayWhereTheyComeFromMatchWithAnyAndOpeningThemIsWarnedOf() throws IOException {
        DescriptorMap old = map(null);
        PrintStream err = System.err;
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        System.setErr(new PrintStream(heard, true, StandardCharsets.UTF_8));
        DescriptorMap opened;
        try {
            opened = kept(old);
        } finally {
            System.setErr(err);
        }
        assertThat(heard.toString(StandardCharsets.UTF_8).strip().lines())
                .singleElement()
                .asString()
                .contains("WARN", "do not say of which checkpoint and weights", "map.safetensors");
        assertThat(opened.origin()).isNull();
        opened.requireComparable(map(origin("checkpoint a", "1", "weights w", "2")));
        map(origin("checkpoint a", "1", "weights w", "2")).requireComparable(opened);
    }

    @Test
    void joinedDescriptorsAreOfBothOrigins() throws IOException {
        DescriptorOrigin a = origin("checkpoint a", "1", "weights w", "2");
        DescriptorOrigin b = origin("checkpoint b", "3", "raw layer 12", "4");
        DescriptorOrigin c = origin("checkpoint c", "5", "raw layer 12", "4");
        map(a.joined(b)).requireComparable(map(a.joined(b)));
        assertThat(digests).hasValue(0);
        kept(map(a.joined(b))).requireComparable(map(a.joined(b)));
        assertThatThrownBy(() -> map(a.joined(b)).requireComparable(map(a.joined(c))))
                .hasMessageContaining("checkpoint a + checkpoint c");
        assertThatThrownBy(() -> map(a).requireComparable(map(a.joined(b))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCheckpointThatIsGoneOrWasWrittenAnewIsNotTakenForAnother() throws IOException {
        Path file = Files.writeString(folder.resolve("model"), "one");
        OpenedFiles opened = OpenedFiles.of(List.of(file));
        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        DescriptorMap map = map(new DescriptorOrigin(
                OriginPart.of("checkpoint a", () -> String.join(" ", opened.digests())), part("weights w", "2")));
        assertThatThrownBy(opened::digests).hasMessageContaining("was written since");
        DescriptorMap kept = kept(map);
        assertThatCode(() -> kept.requireComparable(map(origin("checkpoint b", "7", "weights w", "2"))))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> kept.requireComparable(map(origin("checkpoint b", "7", "weights v", "3"))))
                .hasMessageContaining("checkpoint b with weights v");
    }
}
