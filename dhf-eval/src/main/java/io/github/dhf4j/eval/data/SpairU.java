package io.github.dhf4j.eval.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * SPair-U: other key points on SPair-71k's images, in its form and beside its layout, which names more pairs than are
 * annotated. Told from SPair-71k by its folder's name. Which of its key points come in a left and a right one is not published.
 *
 * <p>Source: Mariotti, Zhao, Xu, Laptev, Bilen, Jamais Vu, arXiv 2506.08220.
 */
public final class SpairU implements PairReader {
    private static final SpairForm FORM = new SpairForm(
            "SPair-U", "pairs of SPair-71k's layout are not annotated and left out", (category, keypoint) -> keypoint);

    /** Keeps nothing. */
    public SpairU() {}

    @Override
    public String name() {
        return FORM.name();
    }

    @Override
    public Known about() {
        return new Known(
                "other key points on SPair-71k's test images",
                "https://github.com/VICO-UoE/JamaisVu",
                Known.NONE_FOUND + "; " + Known.OF_VOC,
                "a folder SPair-U with PairAnnotation/test, and SPair-71k's JPEGImages and Layout");
    }

    @Override
    public boolean recognises(Path root, Split split) {
        String folder = root.toAbsolutePath()
                .normalize()
                .toString()
                .toLowerCase(Locale.ROOT)
                .replace('_', '-');
        return folder.endsWith("spair-u") && Files.isDirectory(root.resolve("PairAnnotation"));
    }

    /** A split, in the order of the layout file, or by file name where there is none. */
    @Override
    public PairDataset read(Path root, @Nullable Path images, PairDatasets.Selection selection) throws IOException {
        return FORM.read(root, selection.split());
    }
}
