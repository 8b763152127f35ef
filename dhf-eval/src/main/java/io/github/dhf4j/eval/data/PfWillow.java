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
 * PF-WILLOW as distributed: a folder a category with {@code NAME.png} and {@code NAME.mat} beside it, which holds
 * {@code pts_coord} (2 x 10: a row of x, a row of y). It has no boxes: the points' own box stands for them, as the
 * data set's evaluation does. Pairs of one category are drawn by seed.
 *
 * <p>Source: Ham, Cho, Schmid, Ponce, arXiv 1511.05065.
 */
public final class PfWillow implements PairReader {
    /** Keeps nothing. */
    public PfWillow() {}

    @Override
    public String name() {
        return "PF-WILLOW";
    }

    @Override
    public Known about() {
        return new Known(
                "ten points of images of ten categories; pairs are drawn",
                "https://www.di.ens.fr/willow/research/proposalflow",
                Known.NONE_FOUND,
                "PF-dataset: a folder a category with NAME.png and NAME.mat");
    }

    @Override
    public boolean recognises(Path root, Split split) throws IOException {
        return Files.isDirectory(root) && !annotations(root).isEmpty();
    }

    private static List<Path> annotations(Path root) throws IOException {
        return MatAnnotation.below(root).stream()
                .filter(file -> Files.isRegularFile(image(file)))
                .toList();
    }

    private static Path image(Path annotation) {
        return annotation.resolveSibling(annotation.getFileName().toString().replaceFirst("\\.mat$", ".png"));
    }

    /** Drawn pairs of the folder {@code PF-dataset}. */
    @Override
    public PairDataset read(Path root, @Nullable Path images, PairDatasets.Selection selection) throws IOException {
        int count = selection.count();
        long seed = selection.seed();
        PairCollector collector = new PairCollector("PF-WILLOW, " + count + " pairs by seed " + seed);
        List<AnnotatedImage> annotated = new ArrayList<>();
        for (Path path : annotations(root)) {
            try {
                annotated.add(read(root, path, collector));
            } catch (IOException e) {
                collector.broken(path, e);
            }
        }
        AnnotatedImage.drawPairs(annotated, count, seed, collector);
        return collector.finish(root);
    }

    private static AnnotatedImage read(Path root, Path path, PairCollector collector) throws IOException {
        Matrix matrix = MatAnnotation.read(path).matrix("pts_coord", 2, -1);
        Map<String, Point> points = new LinkedHashMap<>();
        double[] low = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        double[] high = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (int i = 0; i < matrix.getNumCols(); i++) {
            double[] at = {matrix.getDouble(0, i), matrix.getDouble(1, i)};
            if (Double.isFinite(at[0]) && Double.isFinite(at[1])) {
                points.put(String.valueOf(i + 1), new Point(at[0], at[1]));
                for (int k = 0; k < 2; k++) {
                    low[k] = Math.min(low[k], at[k]);
                    high[k] = Math.max(high[k], at[k]);
                }
            }
        }
        Box box = points.isEmpty() ? null : collector.box(low[0], low[1], high[0], high[1], path.toString());
        String category = path.getName(path.getNameCount() - 2).toString();
        return new AnnotatedImage(root.relativize(path).toString(), image(path), category, points, box);
    }
}
