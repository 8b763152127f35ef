package io.github.dhf4j;

import ai.djl.modality.cv.Image;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.match.Correspondence;
import io.github.dhf4j.match.CorrespondenceMatcher;
import io.github.dhf4j.match.MatchOptions;
import io.github.dhf4j.match.Point;
import io.github.dhf4j.match.SimilarityMap;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image, described when first needed and once only, and what it can be asked. Holds heap memory only; nothing to
 * close. Safe for several threads.
 */
public final class DescribedImage {
    private final Hyperfeatures.Images images;
    private final @Nullable RgbImage picture;
    private @Nullable DescriptorMap descriptors;

    DescribedImage(Hyperfeatures.Images images, RgbImage picture) {
        this.images = images;
        this.picture = picture;
    }

    DescribedImage(Hyperfeatures.Images images, DescriptorMap descriptors) {
        this.images = images;
        this.picture = null;
        this.descriptors = descriptors;
    }

    /**
     * Matches with another image: mutual nearest neighbours of all cells of both maps.
     *
     * @param other the other image
     * @return correspondences in both images' own pixels, row by row
     * @throws IOException if the file cannot be read as an image
     */
    public List<Correspondence> match(Path other) throws IOException {
        return match(images.of(other));
    }

    /**
     * Matches with another image, as {@link #match(Path)}.
     *
     * @param other the other image
     * @return correspondences in both images' own pixels, row by row
     */
    public List<Correspondence> match(BufferedImage other) {
        return match(images.of(other));
    }

    /**
     * Matches with another image, as {@link #match(Path)}.
     *
     * @param other the other image; borrowed
     * @return correspondences in both images' own pixels, row by row
     */
    public List<Correspondence> match(Image other) {
        return match(images.of(other));
    }

    /**
     * Matches with another image, as {@link #match(Path)}.
     *
     * @param other the other image
     * @return correspondences in both images' own pixels, row by row
     */
    public List<Correspondence> match(DescribedImage other) {
        return matchAll(other, MatchOptions.MUTUAL);
    }

    /**
     * Matches all cells of this image's map with the cells of another's.
     *
     * @param other the other image
     * @param options mutual, sub-pixel
     * @return correspondences in both images' own pixels, row by row
     */
    public List<Correspondence> matchAll(DescribedImage other, MatchOptions options) {
        describeBoth(this, other);
        return matcher().matchAll(descriptors(), other.descriptors(), options);
    }

    /**
     * The k best places in another image for points of this one.
     *
     * @param other the other image
     * @param points in pixels of this image
     * @param k how many at most
     * @return for each point its correspondences, best first, each at least a map cell apart
     */
    public List<List<Correspondence>> topMatches(DescribedImage other, List<Point> points, int k) {
        describeBoth(this, other);
        return matcher().topMatches(descriptors(), other.descriptors(), points, k);
    }

    /**
     * Finds where points of this image are in another: for each its nearest neighbour.
     *
     * @param other the other image
     * @param points in pixels of this image
     * @return a correspondence for each point, in order
     * @throws IOException if the file cannot be read as an image
     */
    public List<Correspondence> match(Path other, List<Point> points) throws IOException {
        return match(images.of(other), points);
    }

    /**
     * Finds where points of this image are in another, as {@link #match(Path, List)}.
     *
     * @param other the other image
     * @param points in pixels of this image
     * @return a correspondence for each point, in order
     */
    public List<Correspondence> match(BufferedImage other, List<Point> points) {
        return match(images.of(other), points);
    }

    /**
     * Finds where points of this image are in another, as {@link #match(Path, List)}.
     *
     * @param other the other image; borrowed
     * @param points in pixels of this image
     * @return a correspondence for each point, in order
     */
    public List<Correspondence> match(Image other, List<Point> points) {
        return match(images.of(other), points);
    }

    /**
     * Finds where points of this image are in another, as {@link #match(Path, List)}.
     *
     * @param other the other image
     * @param points in pixels of this image
     * @return a correspondence for each point, in order
     */
    public List<Correspondence> match(DescribedImage other, List<Point> points) {
        return match(other, points, MatchOptions.NEAREST);
    }

    /**
     * Finds where points of this image are in another.
     *
     * @param other the other image
     * @param points in pixels of this image
     * @param options mutual, sub-pixel
     * @return a correspondence for each point, in order; fewer where the options drop some
     */
    public List<Correspondence> match(DescribedImage other, List<Point> points, MatchOptions options) {
        describeBoth(this, other);
        return matcher().match(descriptors(), other.descriptors(), points, options);
    }

    /**
     * How similar each pixel of another image is to a point of this one.
     *
     * @param other the other image
     * @param point in pixels of this image
     * @return the similarity map at the load size
     */
    public SimilarityMap similarity(DescribedImage other, Point point) {
        describeBoth(this, other);
        return matcher().similarity(descriptors(), point, other.descriptors());
    }

    /**
     * The descriptor map; the first call runs the network.
     *
     * @return the map, which can be saved and given to {@link Hyperfeatures#of(DescriptorMap)} later
     */
    public synchronized DescriptorMap descriptors() {
        DescriptorMap map = descriptors;
        if (map == null) {
            map = images.pipeline().describe(List.of(toDescribe())).get(0);
            descriptors = map;
        }
        return map;
    }

    /** Two images that both wait go through the network as one batch. */
    private static void describeBoth(DescribedImage first, DescribedImage second) {
        if (first == second || first.images != second.images) {
            return;
        }
        if (first.isWaiting() && second.isWaiting()) {
            List<DescriptorMap> maps =
                    first.images.pipeline().describe(List.of(first.toDescribe(), second.toDescribe()));
            first.set(maps.get(0));
            second.set(maps.get(1));
        }
    }

    private CorrespondenceMatcher matcher() {
        return images.matcher();
    }

    private synchronized boolean isWaiting() {
        return descriptors == null;
    }

    private synchronized void set(DescriptorMap map) {
        if (descriptors == null) {
            descriptors = map;
        }
    }

    private RgbImage toDescribe() {
        if (picture == null) {
            throw new IllegalStateException("an image without a picture has its descriptors");
        }
        return picture;
    }
}
