package io.github.dhf4j.aggregation.train;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Pictures of 32 x 32 pixels of any colour, the same each time. */
final class RandomPictures {
    private RandomPictures() {}

    /** Writes {@code 0.png}, {@code 1.png} and so on. */
    static void write(Path folder, int count) throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < count; i++) {
            BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < 1024; p++) {
                image.setRGB(p % 32, p / 32, random.nextInt(1 << 24));
            }
            ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
        }
    }
}
