package io.github.dhf4j.eval.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * SPair-71k as distributed: {@code PairAnnotation/{trn,val,test}}, {@code JPEGImages/CATEGORY},
 * {@code Layout/large/{trn,val,test}.txt}.
 *
 * <p>Source: Min, Lee, Ponce, Cho, arXiv 1908.10543.
 */
public final class Spair71k implements PairReader {
    private static final SpairForm FORM = new SpairForm(
            "SPair-71k", "annotations that the layout names are missing, their pairs left out", SpairSides::mirrored);

    /** Keeps nothing. */
    public Spair71k() {}

    @Override
    public String name() {
        return FORM.name();
    }

    @Override
    public Known about() {
        return new Known(
                "70,958 pairs of 18 categories; also its small layout",
                "https://cvlab.postech.ac.kr/research/SPair-71k",
                Known.OF_VOC + ", by its page; of the annotations " + Known.NONE_FOUND,
                "PairAnnotation/{trn,val,test}, JPEGImages, Layout");
    }

    @Override
    public boolean recognises(Path root, Split split) {
        return Files.isDirectory(root.resolve("PairAnnotation"));
    }

    /** A split, in the order of the layout file, or by file name where there is none. */
    @Override
    public PairDataset read(Path root, @Nullable Path images, PairDatasets.Selection selection) throws IOException {
        return FORM.read(root, selection.split());
    }
}
