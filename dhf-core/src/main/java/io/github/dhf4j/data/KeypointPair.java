package io.github.dhf4j.data;

import io.github.dhf4j.matching.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two images of one category, and points of the same meaning in both.
 *
 * @param id names the pair in its data set, for results and messages
 * @param source the first image's file
 * @param target the second image's file
 * @param sourcePoints in pixels of the first image
 * @param targetPoints in pixels of the second, one for each of the first's
 * @param keypoints what the points are called, one for each; empty where the data set has no names
 * @param mirroredKeypoints what each point would be called in a mirrored picture: that of the other side for parts that come in a
 *     left and a right one, as {@link SideNames} has it where nobody says otherwise
 * @param category what both images show
 * @param sourceBox the object in the first image, null where the data set has none
 * @param targetBox the object in the second image, null where the data set has none
 */
public record KeypointPair(
        String id,
        Path source,
        Path target,
        List<Point> sourcePoints,
        List<Point> targetPoints,
        List<String> keypoints,
        List<String> mirroredKeypoints,
        String category,
        @Nullable Box sourceBox,
        @Nullable Box targetBox) {
    /**
     * A pair whose parts tell their side by the words left and right in their names.
     *
     * @param id as above
     * @param source as above
     * @param target as above
     * @param sourcePoints as above
     * @param targetPoints as above
     * @param keypoints as above
     * @param category as above
     * @param sourceBox as above
     * @param targetBox as above
     */
    public KeypointPair(
            String id,
            Path source,
            Path target,
            List<Point> sourcePoints,
            List<Point> targetPoints,
            List<String> keypoints,
            String category,
            @Nullable Box sourceBox,
            @Nullable Box targetBox) {
        this(
                id,
                source,
                target,
                sourcePoints,
                targetPoints,
                keypoints,
                SideNames.swapped(keypoints),
                category,
                sourceBox,
                targetBox);
    }

    /**
     * Copies the lists and compares their lengths.
     *
     * @param id as above
     * @param source as above
     * @param target as above
     * @param sourcePoints as above
     * @param targetPoints as above
     * @param keypoints as above
     * @param mirroredKeypoints as above
     * @param category as above
     * @param sourceBox as above
     * @param targetBox as above
     */
    public KeypointPair {
        sourcePoints = List.copyOf(sourcePoints);
        targetPoints = List.copyOf(targetPoints);
        keypoints = List.copyOf(keypoints);
        mirroredKeypoints = List.copyOf(mirroredKeypoints);
        if (sourcePoints.size() != targetPoints.size()
                || (!keypoints.isEmpty() && keypoints.size() != sourcePoints.size())) {
            throw new IllegalArgumentException("a pair must have as many points in both images, got "
                    + sourcePoints.size() + " and " + targetPoints.size() + " with " + keypoints.size() + " names ("
                    + id + ")");
        }
        if (mirroredKeypoints.size() != keypoints.size()) {
            throw new IllegalArgumentException("a pair must have as many names mirrored, got "
                    + mirroredKeypoints.size() + " of " + keypoints.size() + " (" + id + ")");
        }
    }

    /**
     * Which point is each one's twin: a like part that it is easily taken for, on the other side or nearer or farther.
     *
     * <p>Source: Zhang et al., Telling Left from Right, arXiv 2311.17034, section 3.1, where the twin need only be in the second
     * image; here it must be a point of the pair.
     *
     * @return for each point the index of another; -1 where there is none in the pair
     */
    public List<Integer> twins() {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < sourcePoints.size(); i++) {
            String name = keypoints.isEmpty() ? "" : keypoints.get(i);
            String mirrored = keypoints.isEmpty() ? "" : mirroredKeypoints.get(i);
            // a part that keeps its name in a mirror, such as a rendered chair's left foot, has a twin all the same
            String other = mirrored.equals(name) ? SideNames.swapped(name) : mirrored;
            String twin = other.equals(name) ? SideNames.otherInDepth(name) : other;
            found.add(twin.equals(name) ? -1 : keypoints.indexOf(twin));
        }
        return found;
    }

    /**
     * Which point is each one's like on the other side.
     *
     * @return for each point the index of another, of itself where it has no side or no name, -1 where its like is not in the
     *     pair
     */
    public List<Integer> counterparts() {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < sourcePoints.size(); i++) {
            boolean sided = !keypoints.isEmpty() && !keypoints.get(i).equals(mirroredKeypoints.get(i));
            found.add(sided ? keypoints.indexOf(mirroredKeypoints.get(i)) : i);
        }
        return found;
    }
}
