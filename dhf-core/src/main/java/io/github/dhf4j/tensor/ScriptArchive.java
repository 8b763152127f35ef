package io.github.dhf4j.tensor;

import io.github.dhf4j.io.StoredZip;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipOutputStream;

/** The archive that torch.jit.load takes: stored entries, a pickled object without attributes, and the source. */
final class ScriptArchive {
    private ScriptArchive() {}

    /** Of the indented methods of one class. */
    static byte[] of(String methods) throws IOException {
        String source = "class Ops(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n" + methods;
        byte[] pickle = ("\u0080\u0002c__torch__\nOps\n)\u0081}(X\u0008\0\0\0training\u0089ub.")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] emptyTuple = "\u0080\u0002).".getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            StoredZip.add(zip, "ops/data.pkl", pickle);
            StoredZip.add(zip, "ops/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
            StoredZip.add(zip, "ops/constants.pkl", emptyTuple);
            StoredZip.add(zip, "ops/version", "3\n".getBytes(StandardCharsets.US_ASCII));
            StoredZip.add(zip, "ops/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }
}
