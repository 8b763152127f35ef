package io.github.dhf4j.eval.video;

import io.github.dhf4j.image.IndexedImage;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Folders;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A video with the true masks of its frames, or of some.
 *
 * @param name its folder's
 * @param frames pictures of one size in their order, one or more
 * @param masks by the frame's name without its ending, in order; the first frame has one
 */
public record VideoSequence(String name, List<Path> frames, Map<String, Path> masks) {
    /**
     * Copies the list.
     *
     * @param name as above
     * @param frames as above
     * @param masks as above
     */
    public VideoSequence {
        frames = List.copyOf(frames);
    }

    /**
     * The mask that a video begins with.
     *
     * @return of its first frame
     */
    public Path firstMask() {
        return masks.values().iterator().next();
    }

    /**
     * The frames that are scored: all that have a mask but the first, which is given, and the last.
     *
     * @return names without endings, in order; empty where two masks or fewer are there
     */
    public List<String> scored() {
        List<String> all = List.copyOf(masks.keySet());
        return all.size() <= 2 ? List.of() : all.subList(1, all.size() - 1);
    }

    /**
     * A video of one's own: the pictures of a folder in the order of their names, and the mask of the first.
     *
     * @param folder of the frames
     * @param mask a PNG with a palette, or grey: 0 for nothing, else the number of an object
     * @return the video, of which nothing can be scored
     * @throws IOException if there is no picture, or they and the mask are not of one size
     */
    public static VideoSequence of(Path folder, Path mask) throws IOException {
        List<Path> frames = Folders.list(folder).stream()
                .filter(file -> PictureFiles.isNamedAsOne(file) && !file.equals(mask))
                .toList();
        if (frames.isEmpty()) {
            throw new IOException("video must be a folder of pictures, got none (" + folder + ")");
        }
        VideoSequence video =
                new VideoSequence(Texts.lastName(folder), frames, Map.of(Texts.stem(frames.get(0)), mask));
        video.requireOneSize();
        return video;
    }

    /** Looks at all headers, and at the first mask. */
    void requireOneSize() throws IOException {
        Size size = IndexedImage.read(firstMask()).size();
        for (Path frame : frames) {
            Size other = RgbImage.sizeOf(frame);
            if (!other.equals(size)) {
                throw new IOException("frames must be of the first mask's size, " + size + ", got " + other + " of "
                        + frame.getFileName());
            }
        }
    }

    /** The true mask of a frame that has one. */
    Path mask(String frame) {
        return Objects.requireNonNull(masks.get(frame), frame);
    }
}
