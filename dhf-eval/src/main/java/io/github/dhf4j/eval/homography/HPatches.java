package io.github.dhf4j.eval.homography;

import io.github.dhf4j.eval.annotation.Remarks;
import io.github.dhf4j.eval.data.PairReader;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.Folders;
import io.github.dhf4j.io.TextFiles;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.matching.PlaneTransform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * HPatches' sequences: folders {@code i_NAME} (other light) and {@code v_NAME} (another place) with {@code 1.ppm} to
 * {@code 6.ppm} and {@code H_1_2} to {@code H_1_6}, three lines of three numbers from the first picture to the others. The eight
 * sequences of larger pictures are left out, as D2-Net, DIFT and others leave them out: 108 stay.
 *
 * <p>Source: Balntas et al., HPatches, CVPR 2017; Dusmanu et al., D2-Net, CVPR 2019, for what is left out.
 */
public final class HPatches {
    /** What is to be known of it. */
    public static final PairReader.Known KNOWN = new PairReader.Known(
            "116 sequences of six pictures of a plane, of which 108 are used: other light (52) and another place (56)",
            "https://github.com/hpatches/hpatches-dataset (full sequences)",
            "MIT, by the licence of that repository",
            "hpatches-sequences-release with {i,v}_NAME/{1..6}.ppm and H_1_{2..6}");

    static final String ILLUMINATION = "i_";

    private static final Set<String> LARGE = Set.of(
            "i_contruction",
            "i_crownnight",
            "i_dc",
            "i_pencils",
            "i_whitebuilding",
            "v_artisans",
            "v_astronautis",
            "v_talent");

    private static final String FOLDER = "hpatches-sequences-release";
    private static final int PICTURES = 6;

    private HPatches() {}

    /**
     * Whether a folder looks like it.
     *
     * @param data any path
     * @return true if it, or the folder of the archive in it, has a folder named as a sequence
     * @throws IOException if it cannot be listed
     */
    public static boolean recognises(Path data) throws IOException {
        return !sequences(data).isEmpty();
    }

    private static List<Path> sequences(Path data) throws IOException {
        Path root = Folders.inside(data, FOLDER);
        return Files.isDirectory(root)
                ? Folders.list(root).stream()
                        .filter(folder -> Files.isDirectory(folder)
                                && String.valueOf(folder.getFileName()).matches("[iv]_.+"))
                        .toList()
                : List.of();
    }

    /**
     * Reads all sequences; headers of pictures are looked at.
     *
     * @param data the folder that the archive unpacks to, or the one it lies in
     * @return the pairs, each sequence's first picture with the five others
     * @throws IOException if it is no such folder, or none of its pairs can be used
     */
    public static HomographySet read(Path data) throws IOException {
        Remarks remarks = new Remarks();
        List<HomographyPair> pairs = new ArrayList<>();
        for (Path folder : sequences(data)) {
            String name = Texts.lastName(folder);
            if (LARGE.contains(name)) {
                remarks.add("sequences of larger pictures left out, as is usual", name);
                continue;
            }
            for (int number = 2; number <= PICTURES; number++) {
                try {
                    pairs.add(pair(folder, name, number));
                } catch (IOException e) {
                    remarks.add("pairs left out", name + " " + number + ": " + Texts.reason(e));
                }
            }
        }
        if (pairs.isEmpty()) {
            throw new IOException(
                    "HPatches must have folders i_NAME and v_NAME with pictures and homographies, got none"
                            + " that can be used (" + String.join("; ", remarks.lines(data)) + "; " + data
                            + "); fetch hpatches-sequences-release and name the folder that it unpacks to");
        }
        return new HomographySet("HPatches", pairs, remarks.lines(data));
    }

    private static HomographyPair pair(Path folder, String name, int number) throws IOException {
        Path first = folder.resolve("1.ppm");
        Path second = folder.resolve(number + ".ppm");
        RgbImage.sizeOf(first);
        RgbImage.sizeOf(second);
        return new HomographyPair(name, number, first, second, homography(folder.resolve("H_1_" + number)));
    }

    private static PlaneTransform homography(Path file) throws IOException {
        try {
            double[] matrix = Arrays.stream(TextFiles.read(file).strip().split("\\s+", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            return PlaneTransform.of(matrix);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "homography must be three lines of three numbers, got " + Texts.reason(e) + " (" + file + ")", e);
        }
    }
}
