package io.github.dhf4j.eval.video;

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

    /** The true mask of a frame that has one. */
    Path mask(String frame) {
        return Objects.requireNonNull(masks.get(frame), frame);
    }

    /** A frame's name without its ending. */
    static String stem(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "");
    }
}
