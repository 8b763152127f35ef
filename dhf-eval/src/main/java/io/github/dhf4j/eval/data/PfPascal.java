package io.github.dhf4j.eval.data;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import us.hebi.matlab.mat.types.Matrix;

/**
 * PF-PASCAL as distributed: {@code Annotations/CATEGORY/NAME.mat} with {@code kps} (points x 2, NaN where a point is
 * not to be seen) and {@code bbox} (left, top, right, bottom), and {@code JPEGImages/NAME.jpg}. The data set has no
 * split of its own here: pairs of one category are drawn by seed, from every image for {@link Split#TEST}.
 *
 * <p>Source: Ham, Cho, Schmid, Ponce, arXiv 1703.07144.
 */
public final class PfPascal implements PairReader {
    static final String PAGE = "https://www.di.ens.fr/willow/research/proposalflow";

    /** Keeps nothing. */
    public PfPascal() {}

    @Override
    public String name() {
        return "PF-PASCAL";
    }

    @Override
    public Known about() {
        return new Known(
                "images of 20 categories; pairs are drawn where no list of them is given",
                PAGE,
                Known.NONE_FOUND + "; " + Known.OF_VOC,
                "PF-dataset-PASCAL with Annotations/CATEGORY/NAME.mat and JPEGImages");
    }

    @Override
    public boolean recognises(Path root, Split split) {
        return Files.isDirectory(root.resolve("Annotations")) && Files.isDirectory(root.resolve("JPEGImages"));
    }

    /** Drawn pairs of the folder {@code PF-dataset-PASCAL}. */
    @Override
    public PairDataset read(Path root, @Nullable Path images, PairDatasets.Selection selection) throws IOException {
        int count = selection.count();
        long seed = selection.seed();
        PairCollector collector = new PairCollector("PF-PASCAL, " + count + " pairs by seed " + seed);
        List<AnnotatedImage> annotated = new ArrayList<>();
        for (Path path : MatAnnotation.below(root.resolve("Annotations"))) {
            try {
                annotated.add(annotated(root, path, collector));
            } catch (IOException e) {
                collector.broken(path, e);
            }
        }
        AnnotatedImage.drawPairs(annotated, count, seed, collector);
        return collector.finish(root);
    }

    /** An image by its annotation, which lies in the folder of its category. */
    static AnnotatedImage annotated(Path root, Path path, PairCollector collector) throws IOException {
        MatAnnotation annotation = MatAnnotation.read(path);
        String name = path.getFileName().toString().replaceFirst("\\.mat$", "");
        return new AnnotatedImage(
                name,
                root.resolve("JPEGImages").resolve(name + ".jpg"),
                path.getName(path.getNameCount() - 2).toString(),
                points(annotation),
                box(annotation, collector));
    }

    private static Map<String, Point> points(MatAnnotation annotation) throws IOException {
        Matrix matrix = annotation.matrix("kps", -1, 2);
        Map<String, Point> points = new LinkedHashMap<>();
        for (int i = 0; i < matrix.getNumRows(); i++) {
            double x = matrix.getDouble(i, 0);
            double y = matrix.getDouble(i, 1);
            if (Double.isFinite(x) && Double.isFinite(y)) {
                points.put(String.valueOf(i + 1), new Point(x, y));
            }
        }
        return points;
    }

    private static @Nullable Box box(MatAnnotation annotation, PairCollector collector) throws IOException {
        if (!annotation.has("bbox")) {
            return null;
        }
        Matrix box = annotation.matrix("bbox", 1, 4);
        return collector.box(
                box.getDouble(0, 0),
                box.getDouble(0, 1),
                box.getDouble(0, 2),
                box.getDouble(0, 3),
                annotation.path().toString());
    }
}
