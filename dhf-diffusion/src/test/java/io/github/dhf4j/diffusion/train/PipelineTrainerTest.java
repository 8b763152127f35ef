package io.github.dhf4j.diffusion.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.diffusion.ClipTokenizer;
import io.github.dhf4j.diffusion.DiffusionFeatureExtractor;
import io.github.dhf4j.diffusion.model.AutoencoderKLConfig;
import io.github.dhf4j.diffusion.model.CLIPTextConfig;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.tensor.TorchRuntime;
import io.github.dhf4j.train.StageSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PipelineTrainerTest {
    /** Pictures of 32 x 32, latents of 8 x 8: Stable Diffusion's structure, as small as it goes. */
    private static final PipelineForm FORM = new PipelineForm(
            new AutoencoderKLConfig(4, List.of(8, 8, 8), 1, 4, 1, true, true, true),
            new CLIPTextConfig(0, 8, 8, 16, 1, 2, true, 1e-5),
            UNet2DConditionConfig.stableDiffusion(8, List.of(8, 8, 8, 8), List.of(false, true, true, false), 2, 8, 4));

    private static final PipelineTrainingSettings SETTINGS = new PipelineTrainingSettings(
            new StageSettings(30, 2, 2e-3, 2, 1e-4, 1, 0.9, 7),
            16,
            new StageSettings(40, 4, 2e-3, 2, 1e-3, 1, 0.9, 7),
            0.2,
            5,
            0.1,
            5);

    @TempDir
    private static Path temporary;

    private Path folder;
    private Path whole;

    @BeforeAll
    void train() throws IOException {
        drawPictures();
        whole = temporary.resolve("whole");
        trainer(SETTINGS, RunMonitor.NONE).run(whole);
    }

    private void drawPictures() throws IOException {
        folder = temporary.resolve("pictures");
        Files.createDirectories(folder);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            byte[] rgb = new byte[3 * 40 * 40];
            for (int p = 0; p < rgb.length; p++) {
                boolean inside = p / 120 > 10 && p / 120 < 30 && p % 120 > 30 && p % 120 < 90;
                rgb[p] = (byte) ((p % 3 == i % 3) == inside ? 200 + i : 40 + i);
            }
            ImageIO.write(
                    new RgbImage(40, 40, rgb).toBufferedImage(),
                    "png",
                    folder.resolve(i + ".png").toFile());
            lines.add("{\"file_name\": \"" + i + ".png\", \"text\": \"a " + (i % 3 == 0 ? "red" : "blue")
                    + " square, don't\"}");
        }
        Files.write(folder.resolve("metadata.jsonl"), lines);
    }

    private PipelineTrainer trainer(PipelineTrainingSettings settings, RunMonitor monitor) throws IOException {
        return new PipelineTrainer(FORM, settings, CaptionedPictures.read(folder, 32, RunMonitor.NONE), monitor);
    }

    @Test
    void learnsAndWritesWhatTheLibraryOpens() throws IOException {
        for (String stage : List.of("autoencoder", "denoiser")) {
            double[] losses = Files.readAllLines(whole.resolve(stage).resolve("metrics.csv")).stream()
                    .skip(1)
                    .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[1]))
                    .toArray();
            int count = losses.length;
            assertThat(Arrays.stream(losses, count - 5, count).sum())
                    .as(stage)
                    .isLessThan(0.95 * Arrays.stream(losses, 0, 5).sum());
        }
        ExtractionSettings settings = ExtractionSettings.inversion().withPrompt("a red square");
        try (DiffusionFeatureExtractor extractor =
                        DiffusionFeatureExtractor.open(whole.resolve("pipeline"), settings, TorchRuntime.cpu());
                FeatureStack stack = extractor.extract(
                        List.of(RgbImage.read(folder.resolve("0.png"))), ai.djl.ndarray.types.DataType.FLOAT32)) {
            assertThat(stack.keys()).hasSize(12 * 11);
        }
    }

    @Test
    void aRunThatWasStoppedEndsWithTheSameWeights() throws IOException {
        Path out = temporary.resolve("stopped");
        Path pipeline = null;
        int stops = 0;
        while (pipeline == null) {
            AtomicInteger left = new AtomicInteger(25);
            try {
                pipeline = trainer(SETTINGS, new RunMonitor(null, () -> left.getAndDecrement() == 0))
                        .run(out);
            } catch (CancellationException e) {
                stops++;
            }
        }
        assertThat(stops).isBetween(2, 20);
        assertSameWeights(pipeline);
    }

    /**
     * What a recorded call refers to must not be the collector's to free: a number in Java memory, by which the latents
     * were divided, once was, and gradients became wrong or infinite.
     */
    @Test
    void aCollectionDuringAStepChangesNothing() throws IOException {
        AtomicBoolean collecting = new AtomicBoolean(true);
        Thread collector = new Thread(() -> collect(collecting), "collector");
        collector.start();
        try {
            assertSameWeights(trainer(SETTINGS, RunMonitor.NONE).run(temporary.resolve("collected")));
        } finally {
            collecting.set(false);
        }
    }

    /** Collects, and takes what was freed with buffers of small sizes, so that who still reads there reads other numbers. */
    private static void collect(AtomicBoolean goOn) {
        while (goOn.get()) {
            System.gc();
            for (int i = 0; i < 200; i++) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(4 << (2 * (i % 8)));
                while (buffer.hasRemaining()) {
                    buffer.put((byte) 0x41);
                }
            }
        }
    }

    private void assertSameWeights(Path pipeline) throws IOException {
        for (String file : List.of(
                "unet/diffusion_pytorch_model.safetensors",
                "vae/diffusion_pytorch_model.safetensors",
                "text_encoder/model.safetensors",
                "vae/config.json",
                "tokenizer/vocab.json")) {
            assertThat(Digests.ofFile(pipeline.resolve(file)))
                    .as(file)
                    .isEqualTo(Digests.ofFile(whole.resolve("pipeline").resolve(file)));
        }
    }

    @Test
    void aFolderOfAnotherRunIsRefused() throws IOException {
        Path out = temporary.resolve("other");
        AtomicInteger left = new AtomicInteger(20);
        assertThatThrownBy(() -> trainer(SETTINGS, new RunMonitor(null, () -> left.getAndDecrement() == 0))
                        .run(out))
                .isInstanceOf(CancellationException.class);
        PipelineTrainingSettings others = new PipelineTrainingSettings(
                SETTINGS.autoencoder(), SETTINGS.crop(), SETTINGS.denoiser(), SETTINGS.emptyPrompt(), 5, 0.1, 6);
        assertThatThrownBy(() -> trainer(others, RunMonitor.NONE).run(out))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a run must be resumed as it was begun")
                .hasMessageContaining("got seed 6 where it was 5")
                .hasMessageContaining("checkpoint.safetensors");
    }

    @Test
    void aLossThatIsNoNumberStopsTheRun() {
        StageSettings wild = new StageSettings(30, 2, 1e30, 0, 0, 1e30, 0.9, 1);
        PipelineTrainingSettings settings = new PipelineTrainingSettings(wild, 16, SETTINGS.denoiser(), 0.2, 5, 0.1, 5);
        assertThatThrownBy(() -> trainer(settings, RunMonitor.NONE).run(temporary.resolve("wild")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("must be finite numbers")
                .hasMessageContaining("autoencoder");
    }

    @Test
    void everyWordOfTheCaptionsIsOneToken() throws IOException {
        List<String> captions = List.of("a red horse on plain green", "a green bus, an orange", "red ground");
        CaptionVocabulary vocabulary = CaptionVocabulary.learn(captions);
        Path tokenizer = temporary.resolve("tokenizer");
        vocabulary.write(tokenizer, 16);
        try (ClipTokenizer words = ClipTokenizer.open(tokenizer, 16)) {
            for (String caption : captions) {
                long[] ids = words.encode(caption);
                long[] seen = Arrays.stream(ids)
                        .takeWhile(id -> id != vocabulary.endId())
                        .toArray();
                assertThat(seen)
                        .as(caption)
                        .hasSize(1 + caption.replace(",", " ,").split(" ", -1).length);
                assertThat(seen[0]).isEqualTo(vocabulary.startId());
            }
            long[] unknown = words.encode("Élan 7");
            assertThat(Arrays.stream(unknown).limit(6)).doesNotContain(vocabulary.endId());
        }
    }

    @Test
    void badListsNameTheirLine() throws IOException {
        Path bad = temporary.resolve("bad" + new Random().nextInt());
        Files.createDirectories(bad);
        assertThatThrownBy(() -> CaptionedPictures.read(bad, 32, RunMonitor.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("must hold metadata.jsonl");
        Path list = bad.resolve("metadata.jsonl");
        Files.writeString(list, "\n");
        assertThatThrownBy(() -> CaptionedPictures.read(bad, 32, RunMonitor.NONE))
                .hasMessageContaining("got none");
        Files.writeString(list, "{\"file_name\": \"0.png\"}\n");
        Files.copy(folder.resolve("0.png"), bad.resolve("0.png"));
        assertThatThrownBy(() -> CaptionedPictures.read(bad, 32, RunMonitor.NONE))
                .hasMessageContaining("'text'")
                .hasMessageContaining("line 1");
        Files.writeString(list, "{\"file_name\": \"0.png\", \"text\": \"a\"}\n{\"file_name\": \"1.png\", ");
        assertThatThrownBy(() -> CaptionedPictures.read(bad, 32, RunMonitor.NONE))
                .hasMessageContaining("line 2");
        Files.writeString(list, "{\"file_name\": \"gone.png\", \"text\": \"a\"}\n");
        assertThatThrownBy(() -> CaptionedPictures.read(bad, 32, RunMonitor.NONE))
                .hasMessageContaining("gone.png");
    }

    @Test
    void littleNoiseCountsLess() {
        assertThat(DenoiserTrainer.weight(0.01, 5)).isEqualTo(1);
        assertThat(DenoiserTrainer.weight(5, 5)).isEqualTo(1);
        assertThat(DenoiserTrainer.weight(100, 5)).isEqualTo(0.05);
        assertThat(DenoiserTrainer.weight(100, 0)).isEqualTo(1);
        assertThatThrownBy(() ->
                        new PipelineTrainingSettings(SETTINGS.autoencoder(), 16, SETTINGS.denoiser(), 0.2, -1, 0.1, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got -1.0 and 0.1");
    }
}
