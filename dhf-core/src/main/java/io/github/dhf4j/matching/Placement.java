package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How points are placed in another image: by each one's own cosines, and whether other places of the two images have a say.
 * Immutable.
 *
 * @param localizer where on its map of cosines a point is taken to be
 * @param smooth whether a point is taken to be where a {@link DenseField} has it; the localizer is not looked at then
 * @param fit of which kind the transform is that points are checked with, and moved to where they do not agree with it
 *     ({@link RobustFit#between}); null for none
 * @param mirrored whether the first image is tried mirrored too ({@link MirrorChoice}). Of two maps alone nothing can be said of that:
 *     who has the mirrored map does it
 */
public record Placement(Localizer localizer, boolean smooth, PlaneTransform.@Nullable Kind fit, boolean mirrored) {
    /** The pixel of the highest cosine, and nothing else. */
    public static final Placement NEAREST = of(Localizer.NEAREST);

    /** As whoever trained the descriptors locates points, and nothing else. */
    public static final Placement USUAL = of(Localizer.USUAL);

    /**
     * By each point's own cosines alone.
     *
     * @param localizer where on its map of cosines a point is taken to be
     * @return the placement
     */
    public static Placement of(Localizer localizer) {
        return new Placement(localizer, false, null, false);
    }

    /**
     * The same with another localizer.
     *
     * @param other where on its map of cosines a point is taken to be
     * @return a changed copy
     */
    public Placement with(Localizer other) {
        return new Placement(other, smooth, fit, mirrored);
    }

    /**
     * Places points; whether the first image is mirrored is the caller's.
     *
     * @param source descriptors of the first image
     * @param target descriptors of the second
     * @param points in pixels of the first image
     * @return a correspondence for each point, in order
     */
    public List<Correspondence> place(DescriptorMap source, DescriptorMap target, List<Point> points) {
        List<Correspondence> found = smooth
                ? DenseField.of(source, target).match(source, target, points)
                : new CosineMatcher().match(source, target, points, MatchOptions.NEAREST.with(localizer));
        return fitted(found, source, target);
    }

    /**
     * Gives other places a say in matches that were found without it: points located by {@link #localizer}, or cells.
     *
     * @param found matches of the two images
     * @param source descriptors of the first image
     * @param target descriptors of the second
     * @return as many in the same order; the same where other places have no say
     */
    public List<Correspondence> settle(List<Correspondence> found, DescriptorMap source, DescriptorMap target) {
        return fitted(smooth ? DenseField.of(source, target).moved(found, source, target) : found, source, target);
    }

    private List<Correspondence> fitted(List<Correspondence> found, DescriptorMap source, DescriptorMap target) {
        return Optional.ofNullable(fit)
                .flatMap(kind -> RobustFit.between(kind, source, target))
                .filter(RobustFit::holds)
                .map(with -> found.stream().map(with::corrected).toList())
                .orElse(found);
    }

    /**
     * Whether other places have a say.
     *
     * @return false for a localizer alone
     */
    public boolean isPlain() {
        return !smooth && fit == null && !mirrored;
    }

    /**
     * What is done beside the localizer, in words.
     *
     * @return such as {@code smooth, affine fit}; empty for nothing
     */
    public String extras() {
        StringBuilder words = new StringBuilder();
        add(words, mirrored, "mirrored");
        add(words, smooth, "smooth");
        add(words, fit != null, fit + " fit");
        return words.toString();
    }

    private static void add(StringBuilder words, boolean given, String word) {
        if (given) {
            words.append(words.isEmpty() ? "" : ", ").append(word);
        }
    }
}
