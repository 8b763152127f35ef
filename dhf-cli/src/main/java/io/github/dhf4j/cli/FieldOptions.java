package io.github.dhf4j.cli;

import io.github.dhf4j.eval.picture.FieldPicture;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.DenseField;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Pictures of where all of an image is in another. */
final class FieldOptions {
    @Option(
            names = "--field",
            paramLabel = "PICTURE",
            description = "Also draw where each place of A is in B, neighbours agreeing, by colours.")
    private @Nullable Path places;

    @Option(
            names = "--warp",
            paramLabel = "PICTURE",
            description = "Also draw B's pixels brought to where they belong in A.")
    private @Nullable Path warp;

    @Option(
            names = "--swap",
            paramLabel = "PICTURE",
            description = "Also draw A with B's pixels where the two are surely the same part.")
    private @Nullable Path swap;

    boolean isWanted() {
        return places != null || warp != null || swap != null;
    }

    void write(RgbImage a, RgbImage b, DenseField field, String note, PrintWriter print) throws IOException {
        write(FieldPicture.Form.PLACES, places, "where each place goes", a, b, field, note, print);
        write(FieldPicture.Form.WARP, warp, "B's pixels where they belong in A", a, b, field, note, print);
        write(FieldPicture.Form.SWAP, swap, "A with B's pixels", a, b, field, note, print);
    }

    private static void write(
            FieldPicture.Form form,
            @Nullable Path path,
            String what,
            RgbImage a,
            RgbImage b,
            DenseField field,
            String note,
            PrintWriter print)
            throws IOException {
        if (path != null) {
            FieldPicture.write(form, a, b, field, note, path);
            print.println(what + ", drawn in " + path);
        }
    }
}
