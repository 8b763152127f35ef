package io.github.dhf4j;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Point;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both front doors take an image in each form that a program may have of it, and make the same of each. */
class ImageFormsTest {
    private static final List<Point> POINTS = List.of(new Point(3, 4), new Point(20, 9));

    @TempDir
    Path folder;

    private static RgbImage picture() {
        byte[] rgb = new byte[3 * 24 * 16];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * i / 7);
        }
        return new RgbImage(24, 16, rgb);
    }

    @Test
    void everyFormIsDescribedAndMatchedAlike() throws IOException {
        BufferedImage buffered = picture().toBufferedImage();
        byte[] png = PictureFiles.png(buffered);
        Path file = Files.write(folder.resolve("picture.png"), png);
        Image djl = ImageFactory.getInstance().fromImage(buffered);
        try (DescriptorPipeline pipeline = new PipelineOfFakes("a", "w").open()) {
            DescriptorMap map = pipeline.describe(List.of(picture())).get(0);
            Hyperfeatures.Images images = Hyperfeatures.using(pipeline);
            assertThat(List.of(
                            pipeline.describe(file),
                            pipeline.describe(file.toFile()),
                            pipeline.describe(file.toUri()),
                            pipeline.describe(file.toUri().toURL()),
                            pipeline.describe(new ByteArrayInputStream(png)),
                            pipeline.describe(png),
                            pipeline.describe(buffered),
                            pipeline.describe(djl),
                            pipeline.describe(picture())))
                    .containsOnly(map);
            assertThat(List.of(
                            images.of(file),
                            images.of(file.toFile()),
                            images.of(file.toUri()),
                            images.of(file.toUri().toURL()),
                            images.of(new ByteArrayInputStream(png)),
                            images.of(png),
                            images.of(buffered),
                            images.of(djl),
                            images.of(picture()),
                            images.of(map)))
                    .extracting(DescribedImage::descriptors)
                    .containsOnly(map);
            DescribedImage image = images.of(file);
            List<Correspondence> all = image.match(images.of(map));
            assertThat(List.of(
                            image.match(file),
                            image.match(file.toFile()),
                            image.match(file.toUri()),
                            image.match(file.toUri().toURL()),
                            image.match(new ByteArrayInputStream(png)),
                            image.match(png),
                            image.match(buffered),
                            image.match(djl),
                            image.match(picture()),
                            image.match(map),
                            image.matchWith(image)))
                    .containsOnly(all);
            List<Correspondence> found = image.match(images.of(map), POINTS);
            assertThat(found).hasSize(2);
            assertThat(List.of(
                            image.match(file, POINTS),
                            image.match(file.toFile(), POINTS),
                            image.match(file.toUri(), POINTS),
                            image.match(file.toUri().toURL(), POINTS),
                            image.match(new ByteArrayInputStream(png), POINTS),
                            image.match(png, POINTS),
                            image.match(buffered, POINTS),
                            image.match(djl, POINTS),
                            image.match(picture(), POINTS),
                            image.match(map, POINTS),
                            image.matchWith(image, POINTS),
                            image.matchWith(image, POINTS, MatchOptions.NEAREST)))
                    .containsOnly(found);
        }
    }

    @Test
    void theDefaultPipelineTakesThemToo() throws IOException {
        BufferedImage buffered = picture().toBufferedImage();
        byte[] png = PictureFiles.png(buffered);
        Path file = Files.write(folder.resolve("picture.png"), png);
        DescriptorMap map = new DescriptorMap(
                1,
                new io.github.dhf4j.image.Size(2, 2),
                new float[] {1, 2, 3, 4},
                picture().size(),
                io.github.dhf4j.image.Size.square(8));
        // none of these runs a network
        assertThat(List.of(
                        Hyperfeatures.of(file),
                        Hyperfeatures.of(file.toFile()),
                        Hyperfeatures.of(file.toUri()),
                        Hyperfeatures.of(file.toUri().toURL()),
                        Hyperfeatures.of(new ByteArrayInputStream(png)),
                        Hyperfeatures.of(png),
                        Hyperfeatures.of(buffered),
                        Hyperfeatures.of(ImageFactory.getInstance().fromImage(buffered)),
                        Hyperfeatures.of(picture())))
                .extracting(image -> image.picture().samples())
                .containsOnly(picture().samples());
        assertThat(Hyperfeatures.of(map).match(map, POINTS)).hasSize(2);
    }
}
