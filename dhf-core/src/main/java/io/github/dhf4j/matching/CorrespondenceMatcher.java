package io.github.dhf4j.matching;

import io.github.dhf4j.feature.DescriptorMap;
import java.util.List;

/**
 * Finds correspondences between two descriptor maps. Stateless and safe for several threads.
 *
 * <p>All methods throw {@link IllegalArgumentException} where the maps are not comparable
 * ({@link DescriptorMap#requireComparable}: of another origin, or of other channels) or a point lies outside the source
 * image.
 */
public interface CorrespondenceMatcher {
    /**
     * Matches given points.
     *
     * @param source descriptors of the first image
     * @param target descriptors of the second image
     * @param points in pixels of the first image
     * @param options how
     * @return a correspondence for each point, in order; fewer where {@link MatchOptions#mutual} dropped some
     */
    List<Correspondence> match(DescriptorMap source, DescriptorMap target, List<Point> points, MatchOptions options);

    /**
     * Matches every cell of the source map with the cells of the target map.
     *
     * @param source descriptors of the first image
     * @param target descriptors of the second image
     * @param options how
     * @return row by row, one for each cell, or the mutual ones
     */
    List<Correspondence> matchAll(DescriptorMap source, DescriptorMap target, MatchOptions options);

    /**
     * The k best places for each point, each at least one map cell apart from the better ones.
     *
     * @param source descriptors of the first image
     * @param target descriptors of the second image
     * @param points in pixels of the first image
     * @param k how many at most
     * @return for each point its correspondences, best first
     */
    List<List<Correspondence>> topMatches(DescriptorMap source, DescriptorMap target, List<Point> points, int k);

    /**
     * The similarity of one point to every pixel of the target at its match size.
     *
     * @param source descriptors of the first image
     * @param point in pixels of the first image
     * @param target descriptors of the second image
     * @return the map
     */
    SimilarityMap similarity(DescriptorMap source, Point point, DescriptorMap target);
}
