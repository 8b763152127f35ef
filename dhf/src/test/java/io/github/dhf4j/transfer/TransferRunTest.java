package io.github.dhf4j.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.eval.annotation.Annotation;
import io.github.dhf4j.eval.annotation.LabelledImage;
import io.github.dhf4j.eval.world.Category;
import io.github.dhf4j.eval.world.Scene;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs over many pictures that are stopped, go on, and meet pictures that cannot be read. */
class TransferRunTest {
    @TempDir
    Path folder;

    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final List<String> heard = new ArrayList<>();
    private DescriptorPipeline pipeline;
    private List<LabelledImage> exemplars;
    private List<Path> targets;
    private Path journal;

    @BeforeEach
    void pictures() throws IOException {
        pipeline = DescriptorPipeline.builder()
                .calls(CallBudget.of(1))
                .monitor(new RunMonitor(null, cancelled::get))
                .build();
        Scene scene = Scene.draw(Category.HORSE, 64, 1);
        Annotation label = Annotation.of("horse", scene.points(), scene.box()).withMask(scene.mask());
        exemplars = List.of(new LabelledImage(draw("labelled.png", 1), Size.square(64), List.of(label)));
        targets = new ArrayList<>();
        for (int i = 2; i < 6; i++) {
            targets.add(draw("target" + i + ".png", i));
        }
        journal = folder.resolve("journal.jsonl");
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    private Path draw(String name, long seed) throws IOException {
        Path file = folder.resolve(name);
        PictureFiles.write(Scene.draw(Category.HORSE, 64, seed).image().toBufferedImage(), file);
        return file;
    }

    private final class Heard implements TransferRun.Listener {
        private final int stopAfter;

        Heard(int stopAfter) {
            this.stopAfter = stopAfter;
        }

        @Override
        public void begin(int left, int already) {
            heard.add(left + " left, " + already + " already");
        }

        @Override
        public void done(Path image, @Nullable Exception error) {
            heard.add(image.getFileName() + (error == null ? "" : " broken"));
            cancelled.set(heard.size() > stopAfter);
        }
    }

    private TransferRun run(double minimum) throws IOException {
        return new TransferRun(pipeline, exemplars, exemplars, minimum);
    }

    private List<LabelledImage> labelled(TransferRun run) throws IOException {
        List<LabelledImage> images = new ArrayList<>();
        try (TransferRun.Result result = run.to(targets, journal, 1, new Heard(1000))) {
            result.images().forEach(images::add);
        }
        return images;
    }

    @Test
    void aStoppedRunGoesOnWhereItWasAndComesOutTheSame() throws IOException {
        List<LabelledImage> whole = labelled(run(0));
        assertThat(whole).map(LabelledImage::path).containsExactlyElementsOf(targets);
        assertThat(whole).allMatch(image -> image.annotations().size() == 1);
        Files.delete(journal);
        heard.clear();
        assertThatThrownBy(() -> run(0).to(targets, journal, 1, new Heard(2)))
                .isInstanceOf(CancellationException.class);
        assertThat(heard).containsExactly("4 left, 0 already", "target2.png", "target3.png");
        // as if it had been killed while it wrote
        String text = Files.readString(journal);
        Files.writeString(journal, text.substring(0, text.length() - 20));
        cancelled.set(false);
        heard.clear();
        assertThat(labelled(run(0))).isEqualTo(whole);
        assertThat(heard).containsExactly("3 left, 1 already", "target3.png", "target4.png", "target5.png");
    }

    @Test
    void whatWasDoneOtherwiseOrOfAnotherPictureIsDoneAnew() throws IOException {
        labelled(run(0));
        heard.clear();
        labelled(run(0.01));
        draw("target4.png", 77);
        labelled(run(0.01));
        Files.writeString(journal, "something else");
        labelled(run(0.01));
        assertThat(heard)
                .filteredOn(line -> line.contains("left"))
                .containsExactly("4 left, 0 already", "1 left, 3 already", "4 left, 0 already");
    }

    @Test
    void brokenPicturesAreToldAndTheOthersGoOn() throws IOException {
        targets.add(1, Files.writeString(folder.resolve("page.png"), "<html>"));
        targets.add(folder.resolve("gone.png"));
        try (TransferRun.Result result = run(1).to(targets, journal, 2, new Heard(1000))) {
            assertThat(result.bad()).isEqualTo(2);
            assertThat(result.leftOut()).isGreaterThan(20);
            assertThat(result.words().keypoints()).containsOnlyKeys("horse");
            List<LabelledImage> images = new ArrayList<>();
            result.images().forEach(images::add);
            assertThat(images).hasSize(4).allMatch(image -> image.annotations().isEmpty());
            result.discardJournal();
        }
        assertThat(heard).contains("page.png broken", "gone.png broken");
        assertThat(journal).doesNotExist();
    }

    @Test
    void aPictureThatHasLabelsKeepsThem() throws IOException {
        targets = List.of(targets.get(0), folder.resolve("labelled.png"));
        List<LabelledImage> images = labelled(run(0));
        assertThat(images).hasSize(2).contains(exemplars.get(0));
    }
}
