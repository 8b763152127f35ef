package io.github.dhf4j.unlabelled;

import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.Folders;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The pictures of a folder that can be used, and a line of each that cannot.
 *
 * @param pictures by name, with their categories
 * @param remarks such as that a file is cut short
 */
public record UnlabelledPictures(List<UnlabelledPicture> pictures, List<String> remarks) {
    /**
     * Copies the lists.
     *
     * @param pictures as above
     * @param remarks as above
     */
    public UnlabelledPictures {
        pictures = List.copyOf(pictures);
        remarks = List.copyOf(remarks);
    }

    /**
     * Looks through a folder. What lies in a folder inside it is of a category, at any depth below that; what lies right in it
     * is of one more. Each picture is decoded once.
     *
     * @param folder of pictures
     * @return those that can be read
     * @throws IOException if there is no such folder, or no picture in it that can be read
     */
    public static UnlabelledPictures read(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(
                    "pictures must be a folder, got " + folder + "; name one whose folders are categories");
        }
        List<UnlabelledPicture> pictures = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        for (Path file : Folders.below(folder, Integer.MAX_VALUE)) {
            if (!Files.isRegularFile(file) || !PictureFiles.isNamedAsOne(file)) {
                continue;
            }
            Path within = folder.relativize(file);
            try {
                RgbImage.read(file);
                pictures.add(new UnlabelledPicture(
                        file, within.getNameCount() > 1 ? within.getName(0).toString() : "pictures"));
            } catch (IOException e) {
                remarks.add(Texts.shown(within.toString()) + " left out: " + Texts.reason(e));
            }
        }
        if (pictures.isEmpty()) {
            throw new IOException("folder must hold pictures that can be read, got none (" + folder + ")"
                    + (remarks.isEmpty() ? "" : "; " + remarks.get(0)));
        }
        return new UnlabelledPictures(pictures, remarks);
    }

    /**
     * The pictures of pairs, without their points.
     *
     * @param pairs such as those that weights with labels are trained on
     * @return each picture once, in the pairs' order
     */
    public static UnlabelledPictures of(List<KeypointPair> pairs) {
        Set<UnlabelledPicture> pictures = new LinkedHashSet<>();
        for (KeypointPair pair : pairs) {
            pictures.add(new UnlabelledPicture(pair.source(), pair.category()));
            pictures.add(new UnlabelledPicture(pair.target(), pair.category()));
        }
        return new UnlabelledPictures(List.copyOf(pictures), List.of());
    }

    @Override
    public String toString() {
        return pictures.size() + " pictures of "
                + pictures.stream().map(UnlabelledPicture::category).distinct().count() + " categories";
    }
}
