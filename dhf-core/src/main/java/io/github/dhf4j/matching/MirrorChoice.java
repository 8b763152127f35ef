package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether an image aligns better with another as it is or mirrored: descriptors of things that look left are often nearer to the
 * wrong side of one that looks right.
 *
 * <p>Source: Zhang and others, Telling Left from Right, CVPR 2024, pose alignment at test time, with the distance of mutual
 * nearest neighbours as its authors offer it.
 *
 * @param source descriptors of the first image
 * @param mirrored descriptors of the first image flipped left to right ({@link io.github.dhf4j.image.RgbImage#mirrored})
 * @param target descriptors of the second image
 * @param distance mean distance of descriptors of length 1 over the mutual nearest neighbours of all cells; NaN where none are
 * @param mirroredDistance the same of the mirrored image
 */
public record MirrorChoice(
        DescriptorMap source, DescriptorMap mirrored, DescriptorMap target, double distance, double mirroredDistance) {
    /**
     * Compares both ways.
     *
     * @param source descriptors of the first image
     * @param mirrored descriptors of the first image flipped left to right
     * @param target descriptors of the second image
     * @return the choice
     */
    public static MirrorChoice of(DescriptorMap source, DescriptorMap mirrored, DescriptorMap target) {
        if (!mirrored.imageSize().equals(source.imageSize())) {
            throw new IllegalArgumentException("an image and its mirror image must be of one size, got "
                    + source.imageSize() + " and " + mirrored.imageSize());
        }
        return new MirrorChoice(source, mirrored, target, distance(source, target), distance(mirrored, target));
    }

    private static double distance(DescriptorMap source, DescriptorMap target) {
        source.requireComparable(target);
        CellMatches cells = CellMatches.of(source, target);
        double sum = 0;
        int mutual = 0;
        for (int i = 0; i < cells.forward().length; i++) {
            if (cells.mutual(i)) {
                sum += Math.sqrt(Math.max(0, 2 - 2 * cells.cosines()[i]));
                mutual++;
            }
        }
        return sum / mutual;
    }

    /**
     * Whether the mirrored image aligns better.
     *
     * @return true if its distance is less
     */
    public boolean isMirrored() {
        return mirroredDistance < distance;
    }

    /**
     * Places points by the better of both. Of a mirrored image, the left one of two parts is looked for where the right one is:
     * that is how the left one of a thing that faces the other way looks.
     *
     * @param points in pixels of the first image
     * @param counterparts for each point which one of the list is its like on the other side, itself where it has no side, -1
     *     where its like is not in the list: such a point is placed by the image as it is
     * @param placement how points are placed
     * @return a correspondence for each point, in order, its source as it was given
     */
    public List<Correspondence> place(List<Point> points, List<Integer> counterparts, Placement placement) {
        boolean anyPlain = !isMirrored() || counterparts.stream().anyMatch(like -> like < 0);
        List<Correspondence> plain = anyPlain ? placement.place(source, target, points) : List.of();
        if (!isMirrored()) {
            return plain;
        }
        List<Point> flipped =
                points.stream().map(point -> point.mirrored(source.imageSize())).toList();
        List<Correspondence> found = placement.place(mirrored, target, flipped);
        List<Correspondence> placed = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            int like = counterparts.get(i);
            Correspondence by = like < 0 ? plain.get(i) : found.get(like);
            placed.add(by.withSource(points.get(i)));
        }
        return placed;
    }
}
