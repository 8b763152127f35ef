package io.github.dhf4j;

import io.github.dhf4j.Hyperfeatures.OpenPipeline;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.DescriptorOrigin;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.CorrespondenceMatcher;
import io.github.dhf4j.matching.DenseField;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.MirrorChoice;
import io.github.dhf4j.matching.Placement;
import io.github.dhf4j.matching.PlaneTransform;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.matching.RobustFit;
import io.github.dhf4j.matching.SimilarityMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An image, described when first needed and once only, and what it can be asked. Holds heap memory only; nothing to
 * close. Safe for several threads.
 *
 * {@snippet file="SnippetsTest.java" region="questions"}
 *
 * <p>Every question throws {@link IllegalArgumentException} where a point lies outside this image or where the two
 * images' descriptors are of different origin ({@link DescriptorOrigin}), both before a network runs.
 */
public final class DescribedImage extends MatchAnyImage {
    private final @Nullable RgbImage picture;
    private @Nullable DescriptorMap descriptors;

    DescribedImage(Hyperfeatures.Images images, RgbImage picture) {
        super(images);
        this.picture = picture;
    }

    DescribedImage(Hyperfeatures.Images images, DescriptorMap descriptors) {
        super(images);
        this.picture = null;
        this.descriptors = descriptors;
    }

    @Override
    public List<Correspondence> match(DescribedImage other) {
        return matchAll(other, MatchOptions.MUTUAL);
    }

    /**
     * {@link #match(DescribedImage)} by a name that is no keyword of Scala. What is no described image yet becomes one by
     * {@link Hyperfeatures#of(Path)} or {@link Hyperfeatures#using}.
     *
     * @param other the other image
     * @return correspondences in both images' own pixels, row by row
     */
    public List<Correspondence> matchWith(DescribedImage other) {
        return match(other);
    }

    /**
     * {@link #match(DescribedImage, List)} by a name that is no keyword of Scala.
     *
     * @param other the other image
     * @param points in pixels of this image
     * @return a correspondence for each point, in order
     */
    public List<Correspondence> matchWith(DescribedImage other, List<Point> points) {
        return match(other, points);
    }

    /**
     * {@link #match(DescribedImage, List, MatchOptions)} by a name that is no keyword of Scala.
     *
     * @param other the other image
     * @param points in pixels of this image
     * @param options mutual, and where a point is taken to be
     * @return a correspondence for each point, in order; fewer where the options drop some
     */
    public List<Correspondence> matchWith(DescribedImage other, List<Point> points, MatchOptions options) {
        return match(other, points, options);
    }

    /**
     * Matches all cells of this image's map with the cells of another's.
     *
     * @param other the other image
     * @param options mutual, and where a point is taken to be
     * @return correspondences in both images' own pixels, row by row
     */
    public List<Correspondence> matchAll(DescribedImage other, MatchOptions options) {
        return matcherOnceDescribed(other).matchAll(descriptors(), other.descriptors(), options);
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
        requireInside(points);
        if (k < 1) {
            throw new IllegalArgumentException("k must be 1 or more, got " + k);
        }
        return matcherOnceDescribed(other).topMatches(descriptors(), other.descriptors(), points, k);
    }

    @Override
    public List<Correspondence> match(DescribedImage other, List<Point> points) {
        return match(other, points, MatchOptions.USUAL.trusted());
    }

    /**
     * Finds where points of this image are in another.
     *
     * @param other the other image
     * @param points in pixels of this image
     * @param options mutual, and where a point is taken to be
     * @return a correspondence for each point, in order; fewer where the options drop some
     */
    public List<Correspondence> match(DescribedImage other, List<Point> points, MatchOptions options) {
        requireInside(points);
        return matcherOnceDescribed(other).match(descriptors(), other.descriptors(), points, options);
    }

    /**
     * Places points of this image in another with a say of other places: where neighbours go, what one transform sends them
     * to, whether this image fits better mirrored. Points have no names here, so each is looked for by itself in a mirrored image.
     *
     * @param other the other image
     * @param points in pixels of this image
     * @param placement how
     * @return a correspondence for each point, in order
     * @throws IllegalStateException if it is to be mirrored and has no picture but kept descriptors
     */
    public List<Correspondence> place(DescribedImage other, List<Point> points, Placement placement) {
        requireInside(points);
        if (placement.mirrored()) {
            List<Integer> themselves = IntStream.range(0, points.size()).boxed().toList();
            return facing(other).place(points, themselves, placement);
        }
        matcherOnceDescribed(other);
        return placement.place(descriptors(), other.descriptors(), points);
    }

    /**
     * Where all of this image is in another, neighbours agreeing.
     *
     * @param other the other image
     * @return the field, with a confidence for each place
     */
    public DenseField field(DescribedImage other) {
        matcherOnceDescribed(other);
        return DenseField.of(descriptors(), other.descriptors());
    }

    /**
     * The transform that most of the surest matches with another image agree with.
     *
     * @param other the other image
     * @param kind affine or homography
     * @return the fit, which tells outliers; empty where too few matches agree on one
     */
    public Optional<RobustFit> fit(DescribedImage other, PlaneTransform.Kind kind) {
        matcherOnceDescribed(other);
        return RobustFit.between(kind, descriptors(), other.descriptors());
    }

    /**
     * Whether this image aligns better with another as it is or mirrored; the mirrored one is described each time.
     *
     * @param other the other image
     * @return the choice, which places points by the better of both
     * @throws IllegalStateException if this has no picture but kept descriptors
     */
    public MirrorChoice facing(DescribedImage other) {
        DescribedImage mirrored = mirrored();
        matcherOnceDescribed(other);
        return MirrorChoice.of(descriptors(), mirrored.descriptors(), other.descriptors());
    }

    /**
     * This image flipped left to right, not yet described.
     *
     * @return another image of the same pipeline
     * @throws IllegalStateException if this has no picture but kept descriptors
     */
    public DescribedImage mirrored() {
        return images.of(picture().mirrored());
    }

    /**
     * How similar each pixel of another image is to a point of this one.
     *
     * @param other the other image
     * @param point in pixels of this image
     * @return the similarity map at the load size
     */
    public SimilarityMap similarity(DescribedImage other, Point point) {
        requireInside(List.of(point));
        return matcherOnceDescribed(other).similarity(descriptors(), point, other.descriptors());
    }

    /**
     * The descriptor map; the first call runs the network.
     *
     * @return the map, which can be saved and given to {@link Hyperfeatures#of(DescriptorMap)} later
     */
    public DescriptorMap descriptors() {
        DescriptorMap known = known();
        if (known != null) {
            return known;
        }
        try (OpenPipeline pipeline = images.open()) {
            return describe(pipeline);
        }
    }

    private synchronized @Nullable DescriptorMap known() {
        return descriptors;
    }

    private synchronized DescriptorMap describe(OpenPipeline pipeline) {
        DescriptorMap map = descriptors;
        if (map == null) {
            map = pipeline.describe(List.of(picture())).get(0);
            descriptors = map;
        }
        return map;
    }

    private synchronized void set(DescriptorMap map) {
        if (descriptors == null) {
            descriptors = map;
        }
    }

    RgbImage picture() {
        if (picture == null) {
            throw new IllegalStateException("an image without a picture has its descriptors");
        }
        return picture;
    }

    private void requireInside(List<Point> points) {
        Size size = picture != null ? picture.size() : descriptors().imageSize();
        points.forEach(point -> point.requireWithin(size));
    }

    /**
     * Describes what is not described yet: two images that both wait go through one pipeline as one batch. Descriptors
     * that cannot be compared are refused before a network runs.
     */
    private CorrespondenceMatcher matcherOnceDescribed(DescribedImage other) {
        DescriptorMap mine = known();
        DescriptorMap its = other.known();
        if (mine == null && its == null && images == other.images && this != other) {
            try (OpenPipeline pipeline = images.open()) {
                List<DescriptorMap> maps = pipeline.describe(List.of(picture(), other.picture()));
                set(maps.get(0));
                other.set(maps.get(1));
            }
        } else if (mine == null && its == null && this != other) {
            try (OpenPipeline first = images.open();
                    OpenPipeline second = other.images.open()) {
                first.origin().requireSame(second.origin());
                describe(first);
                other.describe(second);
            }
        } else if (mine == null && its != null) {
            describeBeside(its);
        } else if (mine != null && its == null) {
            other.describeBeside(mine);
        }
        descriptors().requireComparable(other.descriptors());
        return images.matcher();
    }

    private void describeBeside(DescriptorMap kept) {
        try (OpenPipeline pipeline = images.open()) {
            DescriptorOrigin origin = kept.origin();
            if (origin != null) {
                origin.requireSame(pipeline.origin());
            }
            describe(pipeline);
        }
    }
}
