package io.github.dhf4j.transfer;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.eval.annotation.Annotation;
import io.github.dhf4j.eval.annotation.LabelledImage;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.CorrespondenceMatcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries labels of one or several annotated pictures to others, by what their descriptors have in common.
 *
 * <p>A key point goes to the place of the highest cosine. An area goes to the cells whose best cell inside the area is
 * better than their best cell outside, of all exemplars; polygons are the outline of these, a box their bounds, and of a
 * thing of which only a box is known bounds that leave a few stray cells outside. Each kind of label that a thing has in an
 * exemplar it gets in the target, never another.
 *
 * <p>Several exemplars vote. Annotations of one category are one thing; where a picture has several of a category, they are
 * told apart by their order, and the first of one picture goes with the first of the others. What is less sure than the
 * minimum is left out, not invented.
 *
 * <p>Keeps no native memory; safe for several threads where the matcher is.
 */
public final class AnnotationTransfer {
    private final List<ThingTransfer> things;

    /**
     * Prepares exemplars.
     *
     * @param matcher finds points and cells
     * @param exemplars one or more, of one pipeline
     * @param confidence how much a match is to be trusted, of a key point or of a cell of an area
     * @param minimum below which a label is left out, 0 to 1
     * @throws IllegalArgumentException if there is nothing in the exemplars, or their descriptors are of different kinds
     */
    public AnnotationTransfer(
            CorrespondenceMatcher matcher, List<Exemplar> exemplars, MatchConfidence confidence, double minimum) {
        this(matcher, exemplars, confidence, confidence, minimum);
    }

    /**
     * Prepares exemplars. Key points are trusted as the calibration of their descriptors says, where these have one; else, and
     * areas always, by {@link MatchConfidence#DEFAULT}.
     *
     * @param matcher finds points and cells
     * @param exemplars one or more, of one pipeline
     * @param minimum below which a label is left out, 0 to 1
     * @throws IllegalArgumentException if there is nothing in the exemplars, or their descriptors are of different kinds
     */
    public AnnotationTransfer(CorrespondenceMatcher matcher, List<Exemplar> exemplars, double minimum) {
        this(matcher, exemplars, null, MatchConfidence.DEFAULT, minimum);
    }

    private AnnotationTransfer(
            CorrespondenceMatcher matcher,
            List<Exemplar> exemplars,
            @Nullable MatchConfidence ofPoints,
            MatchConfidence ofAreas,
            double minimum) {
        if (!(minimum >= 0 && minimum <= 1)) {
            throw new IllegalArgumentException("minimum of confidence must be 0 to 1, got " + minimum);
        }
        Map<String, List<ThingTransfer.Of>> byThing = new LinkedHashMap<>();
        for (Exemplar exemplar : exemplars) {
            exemplars.get(0).map().requireComparable(exemplar.map());
            Map<String, Integer> seen = new HashMap<>();
            for (Annotation annotation : exemplar.annotations()) {
                int number = seen.merge(annotation.category(), 1, Integer::sum);
                byThing.computeIfAbsent(number + " " + annotation.category(), key -> new ArrayList<>())
                        .add(new ThingTransfer.Of(exemplar.map(), annotation));
            }
        }
        if (byThing.isEmpty()) {
            throw new IllegalArgumentException("exemplars must have an annotation that is no crowd, got none in "
                    + exemplars.size() + " pictures; annotate one");
        }
        things = byThing.values().stream()
                .map(of -> new ThingTransfer(matcher, of, ofPoints, ofAreas, minimum))
                .toList();
    }

    /**
     * Reads and describes annotated pictures.
     *
     * @param pipeline describes them; borrowed
     * @param images the pictures
     * @return exemplars, in order
     * @throws IOException if one cannot be read
     */
    public static List<Exemplar> describe(DescriptorPipeline pipeline, List<LabelledImage> images) throws IOException {
        List<Exemplar> exemplars = new ArrayList<>();
        for (LabelledImage image : images) {
            List<DescriptorMap> maps = pipeline.describe(List.of(RgbImage.read(image.path())));
            exemplars.add(new Exemplar(maps.get(0), image.annotations()));
        }
        return exemplars;
    }

    /**
     * Labels a picture.
     *
     * @param target its descriptors, of the exemplars' kind
     * @return what was found of each thing, in the exemplars' order, in the picture's own pixels
     * @throws IllegalArgumentException if the descriptors are of another kind
     */
    public Transferred to(DescriptorMap target) {
        List<Annotation> found = new ArrayList<>();
        int leftOut = 0;
        for (ThingTransfer thing : things) {
            Transferred of = thing.to(target);
            found.addAll(of.annotations());
            leftOut += of.leftOut();
        }
        return new Transferred(found, leftOut);
    }
}
