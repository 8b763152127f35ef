package io.github.dhf4j.eval.video;

import io.github.dhf4j.eval.annotation.Remarks;
import io.github.dhf4j.eval.data.PairReader;
import io.github.dhf4j.eval.data.Split;
import io.github.dhf4j.io.Folders;
import io.github.dhf4j.io.TextFiles;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * DAVIS 2017 at 480p: {@code JPEGImages/480p/NAME/00000.jpg}, {@code Annotations/480p/NAME/00000.png} with a palette, an object a
 * number, and {@code ImageSets/2017/val.txt}, a name a line. Videos on the list of which something is missing are left out with a
 * remark, what is there beside them is passed over.
 *
 * <p>Source: Pont-Tuset et al., The 2017 DAVIS Challenge, arXiv 1704.00675.
 */
public final class Davis {
    /** What is to be known of it. */
    public static final PairReader.Known KNOWN = new PairReader.Known(
            "30 videos to report on (val), 60 to train on, masks of each object in each frame",
            "https://davischallenge.org/davis2017/code.html",
            "CC BY 4.0 of videos that are its authors' own, by the README in it; of the others see its SOURCES.md",
            "DAVIS with JPEGImages/480p, Annotations/480p and ImageSets/2017/{train,val,test-dev}.txt");

    private static final String FRAMES = "JPEGImages/480p";
    private static final String LISTS = "ImageSets/2017";

    private Davis() {}

    /**
     * Whether a folder looks like it.
     *
     * @param data any path
     * @return true if it, or a folder DAVIS in it, has lists of videos
     */
    public static boolean recognises(Path data) {
        return root(data) != null;
    }

    private static @Nullable Path root(Path data) {
        return List.of(data, data.resolve("DAVIS")).stream()
                .filter(folder -> Files.isDirectory(folder.resolve(LISTS)))
                .findFirst()
                .orElse(null);
    }

    /**
     * Reads a list. Of each video the sizes of all frames and the first mask are looked at.
     *
     * @param data the folder that the archive unpacks to, or the one it lies in
     * @param split validation, or train; test for the videos whose masks are not published but for the first
     * @return the videos
     * @throws IOException if it is no such folder, or none of its videos can be used
     */
    public static VideoSet read(Path data, Split split) throws IOException {
        Path root = root(data);
        if (root == null) {
            throw new IOException("videos must be DAVIS 2017 with " + LISTS + ", got none of it (" + data
                    + "); name the folder that the archive unpacks to");
        }
        String list = switch (split) {
            case TRAIN -> "train";
            case VALIDATION -> "val";
            case TEST -> "test-dev";
        };
        Remarks remarks = new Remarks();
        List<VideoSequence> sequences = new ArrayList<>();
        for (String line : TextFiles.lines(root.resolve(LISTS).resolve(list + ".txt"))) {
            String name = line.strip();
            if (!name.isEmpty()) {
                VideoSequence sequence = name.matches("[\\w.-]*\\w") ? sequence(root, name, remarks) : null;
                if (sequence != null) {
                    sequences.add(sequence);
                } else if (!name.matches("[\\w.-]*\\w")) {
                    remarks.add("names that can be no video's left out", Texts.shown(name));
                }
            }
        }
        if (sequences.isEmpty()) {
            throw new IOException("DAVIS must have frames and masks of the videos on its list, got none ("
                    + String.join("; ", remarks.lines(root)) + "; " + root
                    + "); fetch DAVIS-2017-trainval-480p.zip and name the folder that it unpacks to");
        }
        return new VideoSet("DAVIS 2017 " + list, sequences, remarks.lines(root));
    }

    private static @Nullable VideoSequence sequence(Path root, String name, Remarks remarks) throws IOException {
        List<Path> frames = files(root.resolve(FRAMES).resolve(name), ".jpg");
        if (frames.isEmpty()) {
            remarks.add("videos without frames left out", name);
            return null;
        }
        Map<String, Path> found = new LinkedHashMap<>();
        files(root.resolve("Annotations/480p").resolve(name), ".png")
                .forEach(mask -> found.put(Texts.stem(mask), mask));
        Map<String, Path> masks = new LinkedHashMap<>();
        for (Path frame : frames) {
            Path mask = found.remove(Texts.stem(frame));
            if (mask != null) {
                masks.put(Texts.stem(frame), mask);
            }
        }
        if (!masks.containsKey(Texts.stem(frames.get(0)))) {
            remarks.add("videos without a mask of their first frame left out", name);
            return null;
        }
        if (masks.size() > 1 && masks.size() < frames.size()) {
            remarks.add("videos that are not scored where they lack masks", name);
        }
        VideoSequence sequence = new VideoSequence(name, frames, masks);
        try {
            sequence.requireOneSize();
            return sequence;
        } catch (IOException e) {
            remarks.add("broken videos left out", name + ": " + Texts.reason(e));
            return null;
        }
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        return Files.isDirectory(folder)
                ? Folders.list(folder).stream()
                        .filter(file -> String.valueOf(file.getFileName()).endsWith(ending))
                        .toList()
                : List.of();
    }
}
