package io.github.dhf4j.examples;

import io.github.dhf4j.eval.annotation.Mask;
import io.github.dhf4j.eval.world.Category;
import io.github.dhf4j.eval.world.Scene;
import io.github.dhf4j.image.PictureFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A drawn picture and which part is in each cell of a map over it.
 *
 * @param image its file
 * @param parts places in {@link #NAMES}, row by row
 */
record PartPicture(Path image, long[] parts) {
    static final List<String> NAMES =
            List.of("background", "coat", "paint", "glass", "tyre", "hull", "sail", "shirt", "trousers", "skin");
    private static final List<Category> DRAWN = List.of(Category.DOG, Category.CAR, Category.BOAT, Category.PERSON);

    /** Some pictures of each category; different seeds give different ones. */
    static List<PartPicture> draw(Path folder, int perCategory, int side, long seed) throws IOException {
        Files.createDirectories(folder);
        List<PartPicture> pictures = new ArrayList<>();
        for (int i = 0; i < perCategory * DRAWN.size(); i++) {
            Category category = DRAWN.get(i % DRAWN.size());
            Scene scene = Scene.draw(category, 128, seed + i);
            Path image = folder.resolve(category + "-" + (seed + i) + ".png");
            PictureFiles.write(scene.image().toBufferedImage(), image);
            long[] parts = new long[side * side];
            for (int cell = 0; cell < parts.length; cell++) {
                parts[cell] = partOf(scene, cell % side, cell / side, 128.0 / side);
            }
            pictures.add(new PartPicture(image, parts));
        }
        return pictures;
    }

    /** The part that most of a cell's pixels show. */
    private static long partOf(Scene scene, int column, int row, double width) {
        int[] counts = new int[NAMES.size()];
        for (int y = (int) (row * width); y < (int) ((row + 1) * width); y++) {
            for (int x = (int) (column * width); x < (int) ((column + 1) * width); x++) {
                int part = 0;
                for (int k = 1; k < counts.length; k++) {
                    Mask mask = scene.parts().get(NAMES.get(k));
                    part = mask != null && mask.at(x, y) ? k : part;
                }
                counts[part]++;
            }
        }
        int most = 0;
        for (int k = 1; k < counts.length; k++) {
            most = counts[k] > counts[most] ? k : most;
        }
        return most;
    }
}
