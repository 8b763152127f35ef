package io.github.dhf4j.cli;

import io.github.dhf4j.DescribedImage;
import io.github.dhf4j.Hyperfeatures;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.DenseField;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.MirrorChoice;
import io.github.dhf4j.matching.Placement;
import io.github.dhf4j.matching.PlaneTransform;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.matching.RobustFit;
import io.github.dhf4j.matching.SimilarityMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Two pictures and what {@code match} asks of them. The first one is mirrored where that is tried and aligns better; correspondences
 * and fits are in the given picture's pixels all the same, what is drawn over a whole picture is of {@link #first}.
 */
final class MatchedPair {
    private final RgbImage a;
    private final RgbImage b;
    private final Placement placement;
    private final boolean mirrored;
    private final DescribedImage first;
    private final DescribedImage second;
    private @Nullable DenseField field;

    MatchedPair(Hyperfeatures.Images images, RgbImage a, RgbImage b, Placement placement) {
        this.a = a;
        this.b = b;
        this.placement = placement;
        DescribedImage given = images.of(a);
        this.second = images.of(b);
        Optional<MirrorChoice> choice = placement.mirrored() ? Optional.of(given.facing(second)) : Optional.empty();
        this.mirrored = choice.map(MirrorChoice::isMirrored).orElse(false);
        this.first = choice.filter(MirrorChoice::isMirrored)
                .map(better -> images.of(better.mirrored()))
                .orElse(given);
    }

    boolean isMirrored() {
        return mirrored;
    }

    /** The first picture as it was matched. */
    RgbImage first() {
        return mirrored ? a.mirrored() : a;
    }

    /** Matches points, or all cells where there are none. */
    List<Correspondence> match(List<Point> points, MatchOptions options) {
        List<Correspondence> found = points.isEmpty()
                ? first.matchAll(second, options)
                : first.match(second, points.stream().map(this::turned).toList(), options);
        return given(placement.smooth() ? field().moved(found, first.descriptors(), second.descriptors()) : found);
    }

    /** Empty where too few of the surest matches agree. */
    Optional<RobustFit> fit(PlaneTransform.Kind kind) {
        List<Correspondence> mutual = given(first.matchAll(second, MatchOptions.MUTUAL.trusted()));
        return RobustFit.amongSurest(kind, mutual, a.size(), b.size());
    }

    /** Made once, for points and pictures. */
    DenseField field() {
        DenseField made = field;
        if (made == null) {
            made = first.field(second);
            field = made;
        }
        return made;
    }

    /** Of a point of the given picture. */
    SimilarityMap similarity(Point point) {
        return first.similarity(second, turned(point));
    }

    private List<Correspondence> given(List<Correspondence> found) {
        return found.stream()
                .map(match -> match.withSource(turned(match.source())))
                .toList();
    }

    private Point turned(Point point) {
        return mirrored ? point.mirrored(a.size()) : point;
    }
}
