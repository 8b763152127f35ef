package io.github.dhf4j.eval.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.data.ImageDescriber;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.IndexedImage;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Videos in the layout in which they are published, with what goes wrong in them. */
class DavisTest {
    private static final Size SIZE = new Size(48, 32);

    @TempDir
    Path root;

    @BeforeEach
    void lists() throws IOException {
        Files.createDirectories(root.resolve("ImageSets/2017"));
        Files.writeString(root.resolve("ImageSets/2017/val.txt"), "two-squares\n\nsecond\n");
    }

    /** Two squares that go to the right by four pixels a frame, in red and blue. */
    private void video(String name, int frames) throws IOException {
        Path pictures = Files.createDirectories(root.resolve("JPEGImages/480p/" + name));
        Path masks = Files.createDirectories(root.resolve("Annotations/480p/" + name));
        for (int i = 0; i < frames; i++) {
            BufferedImage picture = new BufferedImage(SIZE.width(), SIZE.height(), BufferedImage.TYPE_INT_RGB);
            byte[] labels = new byte[SIZE.width() * SIZE.height()];
            for (int y = 0; y < SIZE.height(); y++) {
                for (int x = 0; x < SIZE.width(); x++) {
                    int label = x >= 4 * i + 4 && x < 4 * i + 16 ? y >= 4 && y < 12 ? 1 : y >= 20 && y < 28 ? 2 : 0 : 0;
                    picture.setRGB(x, y, label == 0 ? 0x204020 : label == 1 ? 0xf02020 : 0x2020f0);
                    labels[y * SIZE.width() + x] = (byte) label;
                }
            }
            String stem = String.format("%05d", i);
            ImageIO.write(picture, "png", pictures.resolve(stem + ".jpg").toFile());
            new IndexedImage(SIZE, labels).write(masks.resolve(stem + ".png"));
        }
    }

    /** Colours themselves, four pixels to a cell and side. */
    private static DescriptorMap colours(RgbImage picture) {
        Size cells = new Size(SIZE.width() / 4, SIZE.height() / 4);
        int count = cells.width() * cells.height();
        float[] values = new float[3 * count];
        for (int cell = 0; cell < count; cell++) {
            int pixel = (cell / cells.width() * 4 + 2) * SIZE.width() + cell % cells.width() * 4 + 2;
            for (int c = 0; c < 3; c++) {
                values[c * count + cell] = picture.samples()[3 * pixel + c] & 0xff;
            }
        }
        return new DescriptorMap(3, cells, values, SIZE, SIZE);
    }

    private static TrackingRun run(ImageDescriber describer, String key) {
        return new TrackingRun(describer, "colours", key, new LabelPropagation(2, 3, 0.05, 0.5));
    }

    @Test
    void objectsAreFollowedScoredAndWrittenAndARunGoesOn() throws IOException {
        video("two-squares", 6);
        video("second", 4);
        Path out = root.resolve("out");
        VideoSet set = Davis.read(root, Split.VALIDATION);
        assertThat(set).hasToString("DAVIS 2017 val: 10 frames of 2 videos");
        assertThat(set.remarks()).isEmpty();
        AtomicInteger described = new AtomicInteger();
        RunMonitor untilSeven = new RunMonitor(null, () -> described.get() >= 8);
        ImageDescriber counting = frame -> {
            described.incrementAndGet();
            return colours(frame);
        };
        assertThatThrownBy(() -> run(counting, "a").run(set, out, untilSeven))
                .isInstanceOf(CancellationException.class);
        VideoEvaluation evaluation = run(counting, "a").run(set, out, RunMonitor.NONE);
        assertThat(described.get()).as("the first video was complete").isEqualTo(8 + 4);
        assertThat(evaluation.objects())
                .extracting(object -> object.sequence() + " " + object.object() + " " + object.frames())
                .containsExactly("two-squares 1 4", "two-squares 2 4", "second 1 2", "second 2 2");
        assertThat(evaluation.region().mean()).isGreaterThan(0.8);
        assertThat(evaluation.contour().recall()).isEqualTo(1);
        assertThat(evaluation.regionAndContour())
                .isEqualTo((evaluation.region().mean() + evaluation.contour().mean()) / 2);
        assertThat(IndexedImage.read(out.resolve("second/00000.png")))
                .isEqualTo(IndexedImage.read(root.resolve("Annotations/480p/second/00000.png")));
        VideoEvaluation again = run(counting, "a").run(set, out, RunMonitor.NONE);
        assertThat(again).isEqualTo(evaluation);
        assertThat(described.get()).as("nothing was left to do").isEqualTo(12);
        assertThatThrownBy(() -> run(counting, "b").run(set, out, RunMonitor.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("got those of other weights or settings");
    }

    @Test
    void whatIsMissingIsLeftOutAndWhatIsBesideIsPassedOver() throws IOException {
        video("two-squares", 4);
        video("second", 5);
        video("no-mask", 2);
        video("broken", 2);
        Files.writeString(
                root.resolve("ImageSets/2017/val.txt"), "two-squares\ngone\nno-mask\nbroken\nsecond\n../up\n");
        Files.writeString(root.resolve("JPEGImages/480p/second/Thumbs.db"), "x");
        Files.createDirectories(root.resolve("JPEGImages/480p/unlisted"));
        Files.delete(root.resolve("Annotations/480p/no-mask/00000.png"));
        Files.delete(root.resolve("Annotations/480p/second/00002.png"));
        ImageIO.write(
                new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB),
                "png",
                root.resolve("JPEGImages/480p/broken/00001.jpg").toFile());
        VideoSet set = Davis.read(root, Split.VALIDATION);
        assertThat(set.sequences()).extracting(VideoSequence::name).containsExactly("two-squares", "second");
        assertThat(set.sequences().get(1).scored()).containsExactly("00001", "00003");
        assertThat(set.remarks())
                .containsExactly(
                        "1 videos without frames left out, such as gone",
                        "1 videos without a mask of their first frame left out, such as no-mask",
                        "1 broken videos left out, such as broken: frames must be of the first mask's size, 48 x 32, got 9 x 9 of 00001.jpg",
                        "1 videos that are not scored where they lack masks, such as second",
                        "1 names that can be no video's left out, such as ../up");
    }

    @Test
    void listsAloneAndMasksInColoursAreRefused() throws IOException {
        assertThat(Davis.recognises(root)).isTrue();
        assertThatThrownBy(() -> Davis.read(root, Split.VALIDATION))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 videos without frames left out")
                .hasMessageContaining("fetch DAVIS-2017-trainval-480p.zip");
        assertThatThrownBy(() -> Davis.read(root.resolve("ImageSets"), Split.VALIDATION))
                .hasMessageContaining("name the folder that the archive unpacks to");
        Path coloured = root.resolve("mask.png");
        ImageIO.write(new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB), "png", coloured.toFile());
        assertThatThrownBy(() -> IndexedImage.read(coloured)).hasMessageContaining("3 samples a pixel");
        ImageIO.write(new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB), "bmp", coloured.toFile());
        assertThatThrownBy(() -> IndexedImage.read(coloured)).hasMessageContaining("must be a PNG with a palette");
    }

    @Test
    void framesMustBeOfOneSizeAndSettingsMakeSense() throws IOException {
        RgbImage picture = new RgbImage(SIZE.width(), SIZE.height(), new byte[3 * SIZE.width() * SIZE.height()]);
        IndexedImage mask = new IndexedImage(SIZE, new byte[SIZE.width() * SIZE.height()]);
        DescriptorMap small = new DescriptorMap(3, new Size(2, 2), new float[12], SIZE, SIZE);
        try (Propagation propagation = LabelPropagation.DIFT.begin(colours(picture), mask)) {
            assertThat(propagation.next(colours(picture)))
                    .as("nothing stays nothing")
                    .isEqualTo(mask);
            assertThatThrownBy(() -> propagation.next(small)).hasMessageContaining("must be of one size");
        }
        assertThatThrownBy(() -> LabelPropagation.DINO.begin(small, new IndexedImage(new Size(1, 1), new byte[1])))
                .hasMessageContaining("must be of its frame's size");
        assertThatThrownBy(() -> new LabelPropagation(7, 0, 0.1, 0.2)).hasMessageContaining("nearest 1 or more");
        DescriptorMap davis =
                new DescriptorMap(1, new Size(104, 60), new float[104 * 60], new Size(854, 480), new Size(832, 480));
        assertThat(LabelPropagation.DIFT.rows(davis)).as("DIFT's own cells").isEqualTo(15);
        assertThat(LabelPropagation.DIFT.columns(davis)).isEqualTo(15);
        assertThat(LabelPropagation.DINO.rows(davis)).isEqualTo(12);
        assertThat(LabelPropagation.DINO.columns(davis)).isEqualTo(12);
    }
}
