package io.github.dhf4j.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a file that should hold tensors is instead, by its first bytes.
 *
 * @param what such as "an HTML page"
 * @param remedy what to do instead
 */
record FileSignature(String what, String remedy) {
    private static final int LENGTH = 512;
    private static final String CHECK = "check the path";
    private static final String UNPACK = "unpack it and give what is inside";
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";
    private static final String POINTER = "version https://git-lfs.github.com/spec/v1";

    private record Magic(int offset, String bytes, FileSignature kind) {}

    private static final List<Magic> KNOWN = List.of(
            magic("\u0089PNG\r\n", "a PNG image", CHECK),
            magic("\u00ff\u00d8\u00ff", "a JPEG image", CHECK),
            magic("GIF8", "a GIF image", CHECK),
            magic("RIFF", "a RIFF file, such as a WebP image", CHECK),
            magic("II*\0", "a TIFF image", CHECK),
            magic("MM\0*", "a TIFF image", CHECK),
            magic("BM", "a BMP image", CHECK),
            magic("%PDF", "a PDF document", CHECK),
            magic("GGUF", "a GGUF file", "such weights are not supported: fetch the safetensors files of the model"),
            magic(
                    "\u0089HDF",
                    "an HDF5 file",
                    "such weights are not supported: fetch the safetensors files of the model"),
            magic("\u0093NUMPY", "a NumPy array", CHECK),
            magic("\u001f\u008b", "a gzip archive", UNPACK),
            magic("7z\u00bc\u00af", "a 7z archive", UNPACK),
            magic("Rar!", "a RAR archive", UNPACK),
            magic("\u00fd7zXZ", "an xz archive", UNPACK),
            magic("(\u00b5/\u00fd", "a zstd archive", UNPACK),
            new Magic(257, "ustar", new FileSignature("a tar archive", UNPACK)));

    /** What the file is, or null if it may hold tensors. */
    static @Nullable FileSignature of(Path path) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(path)) {
            head = in.readNBytes(LENGTH);
        }
        if (head.length == 0) {
            return new FileSignature("an empty file", "fetch it again");
        }
        String bytes = new String(head, StandardCharsets.ISO_8859_1);
        if (bytes.startsWith(POINTER)) {
            return pointer(bytes);
        }
        if (bytes.startsWith("\0\0\0\0{", 4)) {
            // a safetensors header and its length
            return null;
        }
        for (Magic magic : KNOWN) {
            if (bytes.startsWith(magic.bytes(), magic.offset())) {
                return magic.kind();
            }
        }
        if (String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT).endsWith(".onnx")) {
            return new FileSignature(
                    "an ONNX model", "such weights are not supported: fetch the safetensors files of the model");
        }
        return text(bytes);
    }

    /** Text begins with eight characters of ASCII, after a byte order mark or not; the length in a header does not. */
    private static @Nullable FileSignature text(String head) {
        String bytes = head.startsWith(BYTE_ORDER_MARK) ? head.substring(BYTE_ORDER_MARK.length()) : head;
        boolean isText = bytes.length() >= 8
                && bytes.chars().noneMatch(code -> code < ' ' && "\t\n\r\f".indexOf(code) < 0)
                && bytes.chars().limit(8).allMatch(code -> code < 0x7f);
        if (!isText) {
            return null;
        }
        String begin = bytes.strip().toLowerCase(Locale.ROOT);
        if (begin.startsWith("<!doctype html") || begin.startsWith("<html")) {
            return new FileSignature("an HTML page", "it is a web page about the file: download the file itself");
        }
        if (begin.startsWith("<")) {
            return new FileSignature("an XML text", "it is an answer of a server: download the file itself");
        }
        return begin.startsWith("{") || begin.startsWith("[")
                ? new FileSignature("a JSON text", "give the folder that it lies in, or the weights beside it")
                : new FileSignature("a text", CHECK);
    }

    private static FileSignature pointer(String text) {
        String size = text.lines()
                .filter(line -> line.matches("size \\d{1,18}"))
                .map(line -> " to " + Texts.bytes(Long.parseLong(line.substring("size ".length()))))
                .findFirst()
                .orElse("");
        return new FileSignature(
                "a git-lfs pointer" + size,
                "the file itself was not fetched: run 'git lfs pull' in its repository, or download it again");
    }

    private static Magic magic(String bytes, String what, String remedy) {
        return new Magic(0, bytes, new FileSignature(what, remedy));
    }

    /** Says that a file is none of these and no pointer, or throws. */
    static void refuse(Path path, String must) throws IOException {
        FileSignature signature = of(path);
        if (signature != null) {
            throw PathKind.known(signature.what(), signature.remedy()).refused(must, path);
        }
    }

    /** Says that a text is no git-lfs pointer in place of a file, or throws. */
    static void refusePointer(byte[] bytes, Path path) throws IOException {
        String begin = new String(bytes, 0, Math.min(bytes.length, LENGTH), StandardCharsets.ISO_8859_1);
        if (begin.startsWith(POINTER)) {
            FileSignature signature = pointer(begin);
            throw PathKind.known(signature.what(), signature.remedy()).refused("file must hold its content", path);
        }
    }
}
