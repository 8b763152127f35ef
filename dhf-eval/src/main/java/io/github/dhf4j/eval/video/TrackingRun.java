package io.github.dhf4j.eval.video;

import io.github.dhf4j.data.ImageDescriber;
import io.github.dhf4j.eval.annotation.Mask;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.IndexedImage;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.TextFiles;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries the first masks of videos through all their frames and scores what comes of it. Masks are written as they are made, as
 * DAVIS' own evaluation reads them: {@code NAME/00000.png} with a palette. A run that was stopped goes on with the first video
 * that is not complete.
 */
public final class TrackingRun {
    private static final String KEY = ".made-by";

    private final ImageDescriber describer;
    private final String method;
    private final String key;
    private final LabelPropagation how;

    /**
     * Names what describes frames.
     *
     * @param describer called for each frame, in order
     * @param method its name, for reports
     * @param key tells whether masks of an earlier run were made by the same, such as a digest of weights and settings
     * @param how labels go on
     */
    public TrackingRun(ImageDescriber describer, String method, String key, LabelPropagation how) {
        this.describer = describer;
        this.method = method;
        this.key = key + "\n" + how;
        this.how = how;
    }

    /**
     * Runs, or goes on.
     *
     * @param set the videos
     * @param masks the folder that masks are written to; made if it is not there
     * @param monitor hears of each frame, and can cancel between two
     * @return the scores of all videos that have masks to be compared with
     * @throws IOException if a picture cannot be read, a mask not be written, or the folder holds masks of another run
     * @throws java.util.concurrent.CancellationException if the monitor cancels
     */
    public VideoEvaluation run(VideoSet set, Path masks, RunMonitor monitor) throws IOException {
        requireSame(masks);
        monitor.start("tracking", set.frames());
        List<ObjectScore> scores = new ArrayList<>();
        int done = 0;
        for (VideoSequence sequence : set.sequences()) {
            Path folder = masks.resolve(sequence.name());
            if (!isComplete(sequence, folder)) {
                track(sequence, folder, done, monitor);
            }
            done += sequence.frames().size();
            monitor.step(done, sequence.name());
            scores.addAll(score(sequence, folder));
        }
        monitor.end();
        return new VideoEvaluation(method, set.name(), scores);
    }

    private void requireSame(Path masks) throws IOException {
        Path file = masks.resolve(KEY);
        if (!Files.exists(file)) {
            Files.createDirectories(masks);
            AtomicFiles.write(file, path -> Files.writeString(path, key));
        } else if (!TextFiles.read(file).equals(key)) {
            throw new IOException("folder must hold masks of the same run, got those of other weights or settings ("
                    + masks + "); name another folder, or delete this one");
        }
    }

    private static boolean isComplete(VideoSequence sequence, Path folder) throws IOException {
        for (Path frame : sequence.frames()) {
            if (!Files.isRegularFile(mask(folder, Texts.stem(frame)))) {
                return false;
            }
        }
        return IndexedImage.read(mask(folder, Texts.stem(sequence.frames().get(0))))
                .equals(IndexedImage.read(sequence.firstMask()));
    }

    private static Path mask(Path folder, String frame) {
        return folder.resolve(frame + ".png");
    }

    private void track(VideoSequence sequence, Path folder, int before, RunMonitor monitor) throws IOException {
        Files.createDirectories(folder);
        List<Path> frames = sequence.frames();
        IndexedImage given = IndexedImage.read(sequence.firstMask());
        monitor.checkCancelled();
        try (Propagation propagation = how.begin(describer.describe(RgbImage.read(frames.get(0))), given)) {
            given.write(mask(folder, Texts.stem(frames.get(0))));
            for (int i = 1; i < frames.size(); i++) {
                monitor.step(before + i, sequence.name());
                monitor.checkCancelled();
                IndexedImage found = propagation.next(describer.describe(RgbImage.read(frames.get(i))));
                found.write(mask(folder, Texts.stem(frames.get(i))));
            }
        }
    }

    private static List<ObjectScore> score(VideoSequence sequence, Path folder) throws IOException {
        List<String> frames = sequence.scored();
        if (frames.isEmpty()) {
            return List.of();
        }
        int objects = CellLabels.objects(IndexedImage.read(sequence.firstMask()));
        double[][] regions = new double[objects][frames.size()];
        double[][] contours = new double[objects][frames.size()];
        for (int i = 0; i < frames.size(); i++) {
            Path file = sequence.mask(frames.get(i));
            IndexedImage truth = IndexedImage.read(file);
            IndexedImage found = IndexedImage.read(mask(folder, frames.get(i)));
            if (!truth.size().equals(found.size())) {
                throw new IOException("mask must be of its frame's size, " + found.size() + ", got " + truth.size()
                        + " (" + file + "); fetch it again");
            }
            for (int object = 0; object < objects; object++) {
                Mask trueMask = ObjectScore.mask(truth, object + 1);
                Mask foundMask = ObjectScore.mask(found, object + 1);
                regions[object][i] = trueMask.iou(foundMask);
                contours[object][i] = ContourAccuracy.of(trueMask, foundMask);
            }
        }
        List<ObjectScore> scores = new ArrayList<>();
        for (int object = 0; object < objects; object++) {
            scores.add(new ObjectScore(
                    sequence.name(),
                    object + 1,
                    frames.size(),
                    FrameStatistics.of(regions[object]),
                    FrameStatistics.of(contours[object])));
        }
        return scores;
    }
}
