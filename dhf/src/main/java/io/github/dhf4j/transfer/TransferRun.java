package io.github.dhf4j.transfer;

import io.github.dhf4j.Described;
import io.github.dhf4j.Descriptions;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.eval.annotation.AnnotationLines;
import io.github.dhf4j.eval.annotation.LabelledImage;
import io.github.dhf4j.eval.annotation.LabelledSource;
import io.github.dhf4j.eval.annotation.Vocabulary;
import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Labels many pictures, one after the other, and can be stopped: what is done stands in a journal, and the same run goes on
 * from there. A picture that has labels of its own keeps them. Memory does not grow with the pictures.
 *
 * <pre>{@code
 * TransferRun run = new TransferRun(pipeline, labels, 0.3);
 * try (TransferRun.Result result = run.to(pictures, journal, 1, listener)) {
 *     AnnotationFormat.COCO.write(result.images(), result.words(), root, out);
 *     result.discardJournal();
 * }
 * }</pre>
 */
public final class TransferRun {
    private final DescriptorPipeline pipeline;
    private final List<LabelledImage> exemplars;
    private final AnnotationTransfer transfer;
    private final Map<Path, LabelledImage> own = new HashMap<>();
    private final String key;

    /** Hears of each picture. */
    public interface Listener {
        /**
         * The run begins.
         *
         * @param left pictures that are to be done
         * @param already pictures that an earlier run did
         */
        void begin(int left, int already);

        /**
         * A picture is done.
         *
         * @param image its file
         * @param error why it could not be read; null if it has its labels
         */
        void done(Path image, @Nullable Exception error);
    }

    /**
     * Describes the exemplars. What is trusted how far, {@link AnnotationTransfer} says.
     *
     * @param pipeline describes pictures; borrowed
     * @param exemplars annotated pictures that labels are taken from
     * @param kept further annotated pictures, which keep their labels where they are among the targets
     * @param minimum below which a label is left out, 0 to 1
     * @throws IOException if an exemplar cannot be read
     * @throws IllegalArgumentException as {@link AnnotationTransfer}
     */
    public TransferRun(
            DescriptorPipeline pipeline, List<LabelledImage> exemplars, List<LabelledImage> kept, double minimum)
            throws IOException {
        this.pipeline = pipeline;
        this.exemplars = List.copyOf(exemplars);
        ConfidenceModel fitted = pipeline.aggregator().confidence();
        this.transfer =
                new AnnotationTransfer(pipeline.matcher(), AnnotationTransfer.describe(pipeline, exemplars), minimum);
        StringBuilder made = new StringBuilder(Environment.version() + " " + minimum + " "
                + (fitted == null ? "" : fitted.toJson() + " ")
                + pipeline.extractor().fingerprint() + " "
                + pipeline.origin().descriptors().digest().orElse(pipeline.name()));
        for (LabelledImage image : exemplars) {
            made.append('\n').append(Digests.ofFile(image.path())).append(AnnotationLines.line(image, ""));
        }
        for (LabelledImage image : kept) {
            made.append('\n').append(AnnotationLines.line(image, image.path().toString()));
            own.put(image.path().toRealPath(), image);
        }
        for (LabelledImage image : exemplars) {
            own.put(image.path().toRealPath(), image);
        }
        this.key = Digests.of(made.toString());
    }

    /**
     * Labels pictures.
     *
     * @param images their files; one that is named twice is taken once
     * @param journal a file to be, or of an earlier run of the same
     * @param batch how many go through the network at once
     * @param listener hears of each
     * @return what came of it; the caller closes it
     * @throws IOException if the journal cannot be written
     * @throws java.util.concurrent.CancellationException if the pipeline's monitor cancels: the journal stays
     */
    public Result to(List<Path> images, Path journal, int batch, Listener listener) throws IOException {
        TransferJournal done = TransferJournal.open(journal, key);
        try {
            Map<Path, String> left = new LinkedHashMap<>();
            List<Path> all = images.stream().distinct().toList();
            for (Path image : all) {
                @Nullable String digest = digest(image);
                if (digest == null || !done.has(image, digest)) {
                    left.put(image, digest == null ? "" : digest);
                }
            }
            listener.begin(left.size(), all.size() - left.size());
            List<Path> toDescribe = new ArrayList<>();
            for (Path image : left.keySet()) {
                @Nullable LabelledImage labelled = own(image);
                if (labelled == null) {
                    toDescribe.add(image);
                } else {
                    done.add(
                            new LabelledImage(image, labelled.size(), labelled.annotations()),
                            left.getOrDefault(image, ""),
                            0);
                    listener.done(image, null);
                }
            }
            int bad = 0;
            try (Descriptions<Path> described = pipeline.describeAll(toDescribe.iterator(), RgbImage::read, batch)) {
                while (described.hasNext()) {
                    Described<Path> next = described.next();
                    @Nullable DescriptorMap map = next.map();
                    if (map == null) {
                        bad++;
                    } else {
                        Size size = map.imageSize();
                        Transferred labels = transfer.to(map);
                        done.add(
                                new LabelledImage(next.source(), size, labels.annotations()),
                                left.getOrDefault(next.source(), ""),
                                labels.leftOut());
                    }
                    listener.done(next.source(), next.error());
                }
            }
            return new Result(done, all, exemplars, bad);
        } catch (IOException | RuntimeException | Error e) {
            done.close();
            throw e;
        }
    }

    /** Null where it cannot be read, as it will be said. */
    private static @Nullable String digest(Path image) {
        try {
            return Digests.ofFile(image);
        } catch (IOException e) {
            return null;
        }
    }

    private @Nullable LabelledImage own(Path image) throws IOException {
        return Files.exists(image) ? own.get(image.toRealPath()) : null;
    }

    /** What came of a run, in its journal. */
    public static final class Result implements AutoCloseable {
        private final TransferJournal journal;
        private final List<Path> files;
        private final List<LabelledImage> exemplars;
        private final int bad;

        Result(TransferJournal journal, List<Path> files, List<LabelledImage> exemplars, int bad) {
            this.journal = journal;
            this.files = files;
            this.exemplars = exemplars;
            this.bad = bad;
        }

        /**
         * The labelled pictures.
         *
         * @return read from the journal each time they are gone through, so not to be used after {@link #discardJournal}
         */
        public LabelledSource images() {
            return journal.of(files);
        }

        /**
         * The exemplars' categories and names of key points, whether or not they were found.
         *
         * @return also those of pictures that keep their labels
         * @throws IOException if the journal cannot be read
         */
        public Vocabulary words() throws IOException {
            return Vocabulary.of(visitor -> {
                LabelledSource.of(exemplars).forEach(visitor);
                images().forEach(visitor);
            });
        }

        /**
         * How many pictures could not be read.
         *
         * @return 0 or more
         */
        public int bad() {
            return bad;
        }

        /**
         * How many key points and areas were not sure enough, in all pictures.
         *
         * @return 0 or more
         */
        public int leftOut() {
            return journal.leftOut(files);
        }

        /**
         * Deletes the journal, once the result is written.
         *
         * @throws IOException if it cannot be deleted
         */
        public void discardJournal() throws IOException {
            journal.delete();
        }

        @Override
        public void close() throws IOException {
            journal.close();
        }
    }
}
