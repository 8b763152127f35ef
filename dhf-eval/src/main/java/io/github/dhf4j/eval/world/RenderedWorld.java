package io.github.dhf4j.eval.world;

import com.google.gson.JsonObject;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.data.SideNames;
import io.github.dhf4j.eval.annotation.Annotation;
import io.github.dhf4j.eval.annotation.AnnotationFormat;
import io.github.dhf4j.eval.annotation.LabelledImage;
import io.github.dhf4j.eval.annotation.LabelledSource;
import io.github.dhf4j.eval.annotation.Vocabulary;
import io.github.dhf4j.eval.data.PairLists;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.train.SeededOrder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Draws a data set of pairs: PNG files, and two JSON Lines lists a split, of its pairs and of each picture's labels. */
public final class RenderedWorld {
    private static final int PICTURES = 1 << 20;

    private RenderedWorld() {}

    /**
     * What to draw.
     *
     * @param split the splits' seeds never meet; training and validation leave out the held-out categories
     * @param pairs how many pairs, spread evenly over the categories
     * @param imagesPerCategory how many pictures pairs are made of, 2 or more
     * @param size side of a picture in pixels
     * @param seed everything else
     */
    public record Order(Split split, int pairs, int imagesPerCategory, int size, long seed) {
        /**
         * Checks the ranges.
         *
         * @param split as above
         * @param pairs as above
         * @param imagesPerCategory as above
         * @param size as above
         * @param seed as above
         */
        public Order {
            if (pairs < 1 || imagesPerCategory < 2 || size < 16 || size > 2048) {
                throw new IllegalArgumentException(
                        "pairs must be 1 or more, images a category 2 or more, size 16 to 2048," + " got " + pairs
                                + ", " + imagesPerCategory + ", " + size);
            }
        }

        /** How many pairs there are of a category's pictures. */
        private int orderedPairs() {
            return imagesPerCategory * (imagesPerCategory - 1);
        }
    }

    private record Picture(Path path, Scene scene) {}

    /**
     * Draws into a folder; what other splits wrote there stays.
     *
     * @param order what
     * @param folder where; {@code images/}, {@code SPLIT.jsonl} and {@code SPLIT-labels.jsonl} are written
     * @param monitor hears of progress, one step a picture
     * @return the pairs
     * @throws IOException if a file cannot be written
     */
    public static List<KeypointPair> write(Order order, Path folder, RunMonitor monitor) throws IOException {
        List<Category> categories = new ArrayList<>();
        for (Category category : Category.values()) {
            if (order.split == Split.TEST || !category.heldOut()) {
                categories.add(category);
            }
        }
        int possible = order.orderedPairs() * categories.size();
        if (order.pairs > possible) {
            throw new IllegalArgumentException("pairs must be at most " + possible + " of " + order.imagesPerCategory
                    + " pictures a category, got " + order.pairs);
        }
        Path images = folder.resolve("images");
        Files.createDirectories(images);
        monitor.start("drawing", categories.size() * order.imagesPerCategory);
        Map<Category, List<Picture>> pictures = new LinkedHashMap<>();
        for (Category category : categories) {
            monitor.checkCancelled();
            pictures.put(category, draw(order, category, images));
            monitor.step(pictures.size() * order.imagesPerCategory);
        }
        monitor.end();
        List<KeypointPair> pairs = pairs(order, categories, pictures);
        PairLists.write(pairs, folder.resolve(order.split + ".jsonl"));
        writeLabels(order, pictures, folder.resolve(order.split + "-labels.jsonl"));
        return pairs;
    }

    /** On all cores: pictures have seeds of their own. */
    private static List<Picture> draw(Order order, Category category, Path images) throws IOException {
        try {
            return IntStream.range(0, order.imagesPerCategory)
                    .parallel()
                    .mapToObj(i -> {
                        Scene scene = Scene.draw(category, order.size, seed(order, category, i));
                        Path path = images.resolve(order.split + "-" + category + "-" + (i + 1) + ".png");
                        try {
                            PictureFiles.write(scene.image().toBufferedImage(), path);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        return new Picture(path, scene);
                    })
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void writeLabels(Order order, Map<Category, List<Picture>> pictures, Path list) throws IOException {
        List<LabelledImage> images = new ArrayList<>();
        pictures.forEach((category, of) -> of.forEach(picture -> {
            Scene scene = picture.scene;
            Annotation label = Annotation.of(category.toString(), scene.points(), scene.box())
                    .withMask(scene.mask());
            images.add(new LabelledImage(picture.path, Size.square(order.size), List.of(label)));
        }));
        LabelledSource source = LabelledSource.of(images);
        AnnotationFormat.LINES.write(source, Vocabulary.of(source), list.resolveSibling("images"), list);
    }

    /**
     * Draws pictures with captions, as a pipeline is trained on: all categories (key points of the held-out ones stay
     * unseen, pictures of them do not, as with a network that was trained on the pictures of the web), every other
     * picture without clutter.
     *
     * @param order what; {@code pairs} and {@code imagesPerCategory} are not used
     * @param count how many pictures, spread evenly over the categories
     * @param folder where; {@code SPLIT/*.png} and {@code SPLIT/metadata.jsonl} are written
     * @param monitor hears of progress, one step a picture
     * @throws IOException if a file cannot be written
     */
    public static void writePictures(Order order, int count, Path folder, RunMonitor monitor) throws IOException {
        if (count < 1) {
            throw new IllegalArgumentException("pictures must be 1 or more, got " + count);
        }
        Path images = folder.resolve(order.split.toString());
        Files.createDirectories(images);
        monitor.start("drawing", count);
        Category[] categories = Category.values();
        List<String> lines = new ArrayList<>();
        while (lines.size() < count) {
            monitor.checkCancelled();
            Category category = categories[lines.size() % categories.length];
            int i = lines.size() / categories.length;
            // past the seeds of any pictures that pairs are made of
            Scene scene = Scene.draw(category, order.size, seed(order, category, PICTURES + i), i % 2 == 1);
            String name = category + "-" + (i + 1) + ".png";
            PictureFiles.write(scene.image().toBufferedImage(), images.resolve(name));
            JsonObject line = new JsonObject();
            line.addProperty("file_name", name);
            line.addProperty("text", scene.caption());
            lines.add(line.toString());
            monitor.step(lines.size());
        }
        monitor.end();
        AtomicFiles.write(images.resolve("metadata.jsonl"), path -> Files.write(path, lines));
    }

    /** Two bits of the seed are the split's, so that no two splits can have a picture in common. */
    private static long seed(Order order, Category category, int image) {
        long place = SeededOrder.mix(SeededOrder.mix(order.seed, category.name().hashCode()), image);
        return (place & ~3L) | number(order.split);
    }

    private static int number(Split split) {
        return switch (split) {
            case TRAIN -> 1;
            case VALIDATION -> 2;
            case TEST -> 3;
        };
    }

    private static List<KeypointPair> pairs(
            Order order, List<Category> categories, Map<Category, List<Picture>> pictures) {
        // a permutation a category; each ordered pair of pictures comes once
        List<int[]> permutations = categories.stream()
                .map(category -> SeededOrder.mix(
                        SeededOrder.mix(order.seed, number(order.split)),
                        category.name().hashCode()))
                .map(seed -> SeededOrder.permutation(order.orderedPairs(), new Random(seed)))
                .toList();
        List<KeypointPair> pairs = new ArrayList<>();
        for (int i = 0; i < order.pairs; i++) {
            Category category = categories.get(i % categories.size());
            int number = permutations.get(i % categories.size())[i / categories.size()];
            int from = number / (order.imagesPerCategory - 1);
            int to = number % (order.imagesPerCategory - 1);
            pairs.add(pair(
                    category,
                    pictures.getOrDefault(category, List.of()).get(from),
                    pictures.getOrDefault(category, List.of()).get(to < from ? to : to + 1)));
        }
        return pairs.stream().filter(pair -> !pair.sourcePoints().isEmpty()).toList();
    }

    private static KeypointPair pair(Category category, Picture source, Picture target) {
        Map<String, Point> there = target.scene.points();
        List<String> names = source.scene.points().keySet().stream()
                .filter(there::containsKey)
                .toList();
        return new KeypointPair(
                name(source.path) + " to " + name(target.path),
                source.path,
                target.path,
                names.stream().map(source.scene.points()::get).toList(),
                names.stream().map(there::get).toList(),
                names,
                // a mirrored view is one more view of most figures, whose parts keep their names
                category.flips() ? names : SideNames.swapped(names),
                category.toString(),
                source.scene.box(),
                target.scene.box());
    }

    private static String name(Path path) {
        return path.getFileName().toString().replace(".png", "");
    }
}
