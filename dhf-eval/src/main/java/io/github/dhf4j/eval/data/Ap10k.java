package io.github.dhf4j.eval.data;

import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Folders;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * AP-10K as it is prepared for correspondence: {@code ImageAnnotation/FAMILY/SPECIES/NAME.json} with 17 key points,
 * {@code JPEGImages/FAMILY/SPECIES/NAME.jpg}, and lists of pairs within a species ({@code PairAnnotation/{trn,val,test}}),
 * across species of a family ({@code test_cross_species}) and across families ({@code test_cross_family}). Its folder is the first
 * of these; the folder of another list, such as {@code PairAnnotation/test_cross_species}, is that list, whatever the split.
 *
 * <p>A category is a species, across species a family, across families all. Of several animals in an image the preparation kept the
 * first.
 *
 * <p>Source: Yu, Xu, Zhang, Zhao, Guan, Tao, AP-10K, arXiv 2108.12617; prepared by Zhang et al., arXiv 2311.17034, appendix.
 */
public final class Ap10k implements PairReader {
    private static final List<String> KEYPOINTS = List.of(
            "left eye",
            "right eye",
            "nose",
            "neck",
            "root of tail",
            "left shoulder",
            "left elbow",
            "left front paw",
            "right shoulder",
            "right elbow",
            "right front paw",
            "left hip",
            "left knee",
            "left back paw",
            "right hip",
            "right knee",
            "right back paw");

    private static final String IMAGES = "ImageAnnotation";
    private static final String PAIRS = "PairAnnotation";

    /** An image, and for which size its annotation holds. */
    private record Sized(AnnotatedImage image, Size size) {}

    /** Keeps nothing. */
    public Ap10k() {}

    @Override
    public String name() {
        return "AP-10K";
    }

    @Override
    public Known about() {
        return new Known(
                "animals of 54 species: within a species, across species, across families",
                "https://github.com/AlexTheBad/AP-10K, prepared by https://github.com/Junyi42/GeoAware-SC",
                "CC BY 4.0",
                "ImageAnnotation/FAMILY/SPECIES, JPEGImages, PairAnnotation/{test,test_cross_species,test_cross_family}");
    }

    @Override
    public boolean recognises(Path data, Split split) throws IOException {
        Path root = root(data);
        return root != null && Files.isDirectory(root.resolve(IMAGES)) && isNested(root.resolve(IMAGES));
    }

    /** The data set's folder, of itself or of one of its lists. */
    private static @Nullable Path root(Path data) {
        if (Files.isDirectory(data.resolve(PAIRS))) {
            return data;
        }
        Path pairs = data.toAbsolutePath().normalize().getParent();
        return pairs != null && pairs.endsWith(PAIRS) && Files.isDirectory(data) ? pairs.getParent() : null;
    }

    /** SPair-71k has annotations right in the folders of categories, this one folder further down. */
    private static boolean isNested(Path annotations) throws IOException {
        for (Path family : Folders.list(annotations)) {
            for (Path species : Files.isDirectory(family) ? Folders.list(family) : List.<Path>of()) {
                return Files.isDirectory(species);
            }
        }
        return false;
    }

    @Override
    public PairDataset read(Path data, @Nullable Path images, PairDatasets.Selection selection) throws IOException {
        Path root = root(data);
        if (root == null) {
            throw new IOException("AP-10K must have " + PAIRS + ", got none (" + data
                    + "); prepare it as its description for correspondence says");
        }
        Path list = root.equals(data)
                ? root.resolve(PAIRS).resolve(selection.split().spair())
                : data;
        if (!Files.isDirectory(list)) {
            throw new IOException("AP-10K must have " + PAIRS + "/" + list.getFileName() + ", got no such folder ("
                    + root + "); prepare it as its description for correspondence says");
        }
        PairCollector collector = new PairCollector("AP-10K " + list.getFileName());
        Map<Path, Sized> seen = new HashMap<>();
        for (Path pair : Folders.list(list)) {
            if (pair.toString().endsWith(".json")) {
                try {
                    JsonFields fields = new JsonFields(Json.readObject(pair), pair.toString());
                    Sized source = annotated(root, fields, "src_json_path", seen, collector);
                    Sized target = annotated(root, fields, "trg_json_path", seen, collector);
                    String name = withoutEnding(pair.getFileName().toString());
                    collector.add(
                            AnnotatedImage.pair(source.image, target.image, name, category(name, source.image)),
                            source.size,
                            target.size);
                } catch (IOException e) {
                    collector.broken(pair, e);
                }
            }
        }
        return collector.finish(root);
    }

    private static String withoutEnding(String file) {
        return file.substring(0, file.lastIndexOf('.'));
    }

    /** What stands behind the sign that parts it from the images' names; a colon, or what stands for one. */
    private static String category(String pair, AnnotatedImage source) {
        for (char sign : SpairForm.COLONS) {
            int at = sign == '_' ? -1 : pair.lastIndexOf(sign);
            if (at >= 0 && at + 1 < pair.length()) {
                return pair.substring(at + 1);
            }
        }
        return source.category();
    }

    /** Paths are of the machine that prepared it: what counts of them begins with {@code ImageAnnotation}. */
    private static Sized annotated(
            Path root, JsonFields pair, String key, Map<Path, Sized> seen, PairCollector collector) throws IOException {
        String text = pair.text(key).replace('\\', '/');
        int at = text.lastIndexOf(IMAGES + "/");
        Path file;
        try {
            file = at < 0 ? null : root.resolve(text.substring(at)).normalize();
        } catch (InvalidPathException e) {
            file = null;
        }
        Path annotations = root.resolve(IMAGES).normalize();
        if (file == null
                || !file.startsWith(annotations)
                || annotations.relativize(file).getNameCount() != 3) {
            throw pair.broken(
                    key,
                    "a path to " + IMAGES + "/FAMILY/SPECIES/NAME.json",
                    pair.object().get(key));
        }
        Sized known = seen.get(file);
        if (known == null) {
            known = read(root, annotations.relativize(file), file, collector);
            seen.put(file, known);
        }
        return known;
    }

    private static Sized read(Path root, Path within, Path file, PairCollector collector) throws IOException {
        JsonFields fields = new JsonFields(Json.readObject(file), file.toString());
        List<Double> numbers = fields.numbers("keypoints");
        if (numbers.size() != 3 * KEYPOINTS.size()) {
            throw fields.broken(
                    "keypoints",
                    "x, y, v of " + KEYPOINTS.size() + " points",
                    fields.object().get("keypoints"));
        }
        Map<String, Point> points = new LinkedHashMap<>();
        for (int i = 0; i < KEYPOINTS.size(); i++) {
            if (numbers.get(3 * i + 2) > 0) {
                points.put(KEYPOINTS.get(i), new Point(numbers.get(3 * i), numbers.get(3 * i + 1)));
            }
        }
        String name = withoutEnding(file.getFileName().toString());
        AnnotatedImage image = new AnnotatedImage(
                name,
                root.resolve("JPEGImages").resolve(within).resolveSibling(name + ".jpg"),
                within.getName(1).toString(),
                points,
                fields.boxOfSides("bbox", collector));
        return new Sized(image, new Size(fields.positive("width"), fields.positive("height")));
    }
}
