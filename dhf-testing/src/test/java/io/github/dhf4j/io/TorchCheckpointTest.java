package io.github.dhf4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.testing.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchCheckpointTest {
    @TempDir
    Path folder;

    private static final String TENSOR =
            "ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\0%sX\u0003\0\0\0cpuK\u0004tQK%c(K\u0004t(K\u0001t\u0089NtR";

    private Path zip(String pickle, Map<String, byte[]> others, boolean stored) throws IOException {
        Path path = folder.resolve("file.pt");
        try (OutputStream out = Files.newOutputStream(path);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            add(zip, "archive/data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1), stored);
            for (Map.Entry<String, byte[]> other : others.entrySet()) {
                add(zip, "archive/" + other.getKey(), other.getValue(), stored);
            }
        }
        return path;
    }

    private static void add(ZipOutputStream zip, String name, byte[] content, boolean stored) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        if (stored) {
            CRC32 crc = new CRC32();
            crc.update(content);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(content.length);
            entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private void refused(String pickle, String message) throws IOException {
        Path path = zip(pickle, Map.of(), true);
        assertThatThrownBy(() -> TorchCheckpoint.open(path))
                .as(message)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("file.pt")
                .message()
                .hasSizeLessThan(400)
                .doesNotMatch("(?s).*\\p{Cc}.*");
    }

    @Test
    void theAuthorsFormIsRead() throws IOException {
        try (TorchCheckpoint file = TorchCheckpoint.open(Golden.fixtures().resolve("sd15/aggregation_network.pt"))) {
            assertThat(file.root().keySet())
                    .containsExactlyInAnyOrder("step", "config", "aggregation_network", "optimizer_state_dict");
            assertThat(file.require("aggregation_network.mixing_weights").dimensions())
                    .containsExactly(132);
            assertThat(file.root().get("config"))
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                    .containsEntry("model_id", "tiny-sd15");
        }
    }

    @Test
    void hostilePicklesAreRefusedByName() throws IOException {
        refused("\u0080\u0002}X\u0001\0\0\0acos\nsystem\nX\u0002\0\0\0ls\u0085Rs.", "'os.system'");
        refused("\u0080\u0002cbuiltins\neval\n.", "'builtins.eval'");
        refused("\u0080\u0004\u008c\u0002os\u008c\u0006system\u0093.", "'os.system'");
        refused("\u0080\u0002(ios\nsystem\n.", "refused");
        refused("\u0080\u0002c__builtin__\nbytearray\n.", "'__builtin__.bytearray'");
        refused("\u0080\u0002ccollections\nOrderedDict\n)\u0081.", "refused");
        refused("\u0080\u0002}X\u0001\0\0\0aK\u0001}bs.", "refused");
        refused("\u0080\u0002X\u0003\0\0\0abcX\u0003\0\0\0abc\u0085R.", "refused");
        refused("\u0080\u0002X\u0003\0\0\0abcQ.", "no torch storage");
    }

    @Test
    void lyingAndBrokenPicklesAreRefused() throws IOException {
        refused("\u0080\u0002X\u00ff\u00ff\u00ff\u007fabc.", "longer than the pickle");
        refused("\u0080\u0004\u008e\u0000\u0000\u0000\u0000\u0001\u0000\u0000\u0000abc.", "longer than the pickle");
        refused("\u0080\u0002}X\u0001\0\0\0a", "pickle must hold");
        refused("\u0080\u0002R.", "pickle must hold");
        refused("", "pickle must hold");
        refused("\u0080\u0002K\u0001.", "must be a dictionary");
        // forty lists, each of which holds the one before it twice
        StringBuilder laughs = new StringBuilder("\u0080\u0002}]q\0" + "0");
        for (int i = 1; i <= 40; i++) {
            char before = (char) (i - 1);
            laughs.append("](h")
                    .append(before)
                    .append('h')
                    .append(before)
                    .append("eq")
                    .append((char) i)
                    .append('0');
        }
        refused(laughs + "X\u0001\0\0\0ah(s.", "more than 5000000 values");
        // a list that holds itself
        refused("\u0080\u0002}X\u0001\0\0\0a]q\u0001h\u0001as.", "nest deeper");
    }

    @Test
    void theOlderFormIsReadAndCutFilesAreRefused() throws IOException {
        Path whole = Golden.fixtures().resolve("baselines/dhpf/checkpoint-form.pt");
        try (TorchCheckpoint file = TorchCheckpoint.open(whole)) {
            assertThat(file.tensors()).hasSize(24);
        }
        byte[] bytes = Files.readAllBytes(whole);
        // before the magic number's end, within the object, within the counts, within the data
        for (int length : new int[] {10, 16, 400, bytes.length - 20, bytes.length - 1}) {
            Path cut = folder.resolve("cut-" + length + ".pt");
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> TorchCheckpoint.open(cut))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(cut.toString());
        }
        // the first storage's count of elements, one that no file could hold
        byte[] lying = bytes.clone();
        int first = (int) LegacyTorchFile.read(whole).ranges().values().stream()
                .mapToLong(TorchCheckpoint.Range::offset)
                .min()
                .orElseThrow();
        Arrays.fill(lying, first - 8, first, (byte) 0x7f);
        Path file = folder.resolve("count.pt");
        Files.write(file, lying);
        assertThatThrownBy(() -> TorchCheckpoint.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("must fit the file");
    }

    @Test
    void dataMustBeWhereThePickleSays() throws IOException {
        String pickle = "\u0080\u0002}X\u0001\0\0\0w" + String.format(TENSOR, "0", 0) + "s.";
        try (TorchCheckpoint file = TorchCheckpoint.open(zip(pickle, Map.of("data/0", new byte[16]), true))) {
            assertThat(file.tensors()).containsOnlyKeys("w");
        }
        Path none = zip(pickle, Map.of(), true);
        assertThatThrownBy(() -> TorchCheckpoint.open(none))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no storage 0");
        Path small = zip(pickle, Map.of("data/0", new byte[12]), true);
        assertThatThrownBy(() -> TorchCheckpoint.open(small))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("must hold 16 bytes");
        Path shifted = zip(
                "\u0080\u0002}X\u0001\0\0\0w" + String.format(TENSOR, "0", 2) + "s.",
                Map.of("data/0", new byte[16]),
                true);
        assertThatThrownBy(() -> TorchCheckpoint.open(shifted))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("must hold 24 bytes");
        Path big = zip(
                pickle, Map.of("data/0", new byte[16], "byteorder", "big".getBytes(StandardCharsets.US_ASCII)), true);
        assertThatThrownBy(() -> TorchCheckpoint.open(big))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("byte order");
    }

    @Test
    void aTensorThatBeginsBeforeItsDataOrHalfWayIsRefused() throws IOException {
        String whole = "\u0080\u0002}X\u0001\0\0\0w" + String.format(TENSOR, "0", 0) + "s.";
        for (String offset : new String[] {"J\u00ff\u00ff\u00ff\u00ff", "G?\u00e0\0\0\0\0\0\0"}) {
            Path path = zip(whole.replace("QK\0(", "Q" + offset + "("), Map.of("data/0", new byte[16]), true);
            assertThatThrownBy(() -> TorchCheckpoint.open(path))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no number of elements");
        }
    }

    @Test
    void theArgumentsOfATrainingScriptArePassedOver() throws IOException {
        // {'args': argparse.Namespace(lr=1), 'w': tensor}, as DINO's full checkpoints have it
        String arguments = "X\u0004\0\0\0argscargparse\nNamespace\n)\u0081}X\u0002\0\0\0lrK\u0001sb";
        String pickle = "\u0080\u0002}(" + arguments + "X\u0001\0\0\0w" + String.format(TENSOR, "0", 0) + "u.";
        try (TorchCheckpoint file = TorchCheckpoint.open(zip(pickle, Map.of("data/0", new byte[16]), true))) {
            assertThat(file.tensors()).containsOnlyKeys("w");
            assertThat(file.root().get("args")).isEqualTo(Map.of());
        }
        refused("\u0080\u0002}X\u0001\0\0\0acos\nsystem\n)\u0081s.", "not on the list");
        refused("\u0080\u0002}X\u0001\0\0\0accollections\nOrderedDict\n)\u0081s.", "no argparse.Namespace");
    }

    @Test
    void compressedEntriesAreRefused() throws IOException {
        Path bomb = zip("\u0080\u0002}.", Map.of("data/0", new byte[50_000_000]), false);
        assertThat(Files.size(bomb)).isLessThan(200_000);
        assertThatThrownBy(() -> TorchCheckpoint.open(bomb))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("stored uncompressed");
    }

    @Test
    void truncatedZipsAreRefused() throws IOException {
        byte[] whole = Files.readAllBytes(Golden.fixtures().resolve("sd15/aggregation_network.pt"));
        for (int length : new int[] {4, 100, 60_000, whole.length - 1}) {
            Path cut = Files.write(folder.resolve("cut.pt"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> TensorFile.open(cut))
                    .as("cut at %d", length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cut.pt");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            add(zip, "readme", new byte[3], true);
        }
        Path other = Files.write(folder.resolve("other.zip"), out.toByteArray());
        assertThatThrownBy(() -> TensorFile.open(other))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("data.pkl");
    }

    @Test
    void aPickleThatHoldsItselfWhereANumberMustBeIsRefusedInOneSentence() throws IOException {
        String self = "]q\u0001h\u0001a";
        String storage = "((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\0" + "0X\u0003\0\0\0cpuK\u0004tQ";
        String tensor = "ctorch._utils\n_rebuild_tensor_v2\n" + storage;
        refused(
                "\u0080\u0002}X\u0001\0\0\0w" + tensor + "K\0(" + self + "t(K\u0001t\u0089NtRs.",
                "got: tensor offset, size");
        // as a key, as the name of a class, as the name of a storage, as attributes
        refused("\u0080\u0002}" + self + "K\u0001s.", "key that is ArrayList refused");
        refused("\u0080\u0002}(" + self + "K\u0001u.", "key that is ArrayList refused");
        refused("\u0080\u0002(" + self + "K\u0001d.", "key that is ArrayList refused");
        refused("\u0080\u0004" + self + self + "\u0093.", "without a name");
        refused("\u0080\u0002ccollections\nOrderedDict\n]]" + self + "K\u0001eaa\u0085R.", "pickle must hold");
        Path older = folder.resolve("older.pt");
        String head = new String(LegacyTorchFile.MAGIC, StandardCharsets.ISO_8859_1) + "\u0080\u0002M\u00e9\u0003.";
        String machine = "\u0080\u0002}X\r\0\0\0little_endian\u0088s.";
        for (String rest : new String[] {
            machine + "\u0080\u0002}.\u0080\u0002]" + self + "a.",
            machine + "\u0080\u0002" + self + ".\u0080\u0002].",
            "\u0080\u0002" + self + "." + machine
        }) {
            Files.writeString(older, head + rest, StandardCharsets.ISO_8859_1);
            assertThatThrownBy(() -> TorchCheckpoint.open(older))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("older.pt")
                    .message()
                    .hasSizeLessThan(400);
        }
    }

    @Test
    void textsOfAPickleAreShownShortAndPrintable() throws IOException {
        String long2 = "\u0007\u001b".repeat(1_000);
        refused("\u0080\u0002c" + long2 + "\n" + long2 + "\n.", "is not on the list");
        refused("\u0080\u0002}X\u00d0\u0007\0\0" + long2 + "}X\u0001\0\0\0" + "aK\u0001ss.", "names must be below");
        refused("\u0080\u0002I" + long2 + "\n.", "pickle must hold");
    }

    @Test
    void whatAShortPickleBuildsIsBounded() throws IOException {
        // digits that would take minutes to become a number
        refused("\u0080\u0002L" + "9".repeat(1_000_000) + "L\n.", "digits");
        refused("\u0080\u0002\u008b@B\u000f\0" + "9".repeat(1_000_000) + ".", "number of 1000000 bytes");
        // dictionaries and memo entries of a byte or two
        refused("\u0080\u0002" + "}q\u0001".repeat(6_000_000) + ".", "more than 5000000 values");
        // one dictionary of ten thousand entries, copied as often
        StringBuilder copies = new StringBuilder("\u0080\u0002](");
        for (int i = 0; i < 10_000; i++) {
            copies.append("K\u0001K\u0001\u0086");
        }
        copies.append("eq\u0001");
        for (int i = 0; i < 10_000; i++) {
            copies.append("ccollections\nOrderedDict\nh\u0001\u0085R");
        }
        refused(copies + ".", "more than 5000000 values");
    }
}
