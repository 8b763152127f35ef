package io.github.dhf4j.unlabelled;

import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.PixelGrid;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.train.SeededOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Matches between pictures of a category that agree: back from where a place is found the place itself is found again, in a
 * warp of the second picture the same place is found, and most ways over a third picture lead where the straight way does.
 * The warp tells what looks alike from what only stands at the same place of both pictures. Pictures are looked at in
 * groups, so that a category may be as large as one likes; each picture of a group is described once.
 */
final class CycleMatches {
    /** Pictures a group: each pair of them has all others as thirds. */
    private static final int GROUP = 12;

    /** How far apart, in cells along each axis, two ways may end that agree. */
    private static final int BACK = 1;

    private static final int AROUND = 2;

    private CycleMatches() {}

    /**
     * Matches pictures.
     *
     * @param warped pictures of any categories, each of two pictures or more to be matched, and a warp of each
     * @param features of the network that the aggregator is for; borrowed
     * @param aggregator describes them; borrowed
     * @param plan how many pairs a picture, how many points a pair, how many ways must agree
     * @param seed of the choices
     * @param monitor hears of each group, and can cancel between them
     * @return pairs whose points are the centres of cells; pairs with few matches that agree are left out
     * @throws IOException if a picture cannot be read
     */
    static List<KeypointPair> find(
            List<WarpedPicture> warped,
            FeatureSource features,
            FeatureAggregator aggregator,
            UnlabelledPlan plan,
            long seed,
            RunMonitor monitor)
            throws IOException {
        List<List<WarpedPicture>> groups = groups(warped, seed);
        List<KeypointPair> pairs = new ArrayList<>();
        monitor.start("matching", groups.size());
        for (int i = 0; i < groups.size(); i++) {
            monitor.checkCancelled();
            List<DescriptorMap> maps = new ArrayList<>();
            List<DescriptorMap> warps = new ArrayList<>();
            for (WarpedPicture picture : groups.get(i)) {
                maps.add(describe(picture.picture().path(), features, aggregator));
                warps.add(describe(picture.file(), features, aggregator));
            }
            pairs.addAll(new Group(groups.get(i), maps, warps).pairs(plan, seed));
            monitor.step(i + 1);
        }
        monitor.end();
        return pairs;
    }

    private static DescriptorMap describe(Path picture, FeatureSource features, FeatureAggregator aggregator)
            throws IOException {
        try (ImageFeatures image = features.features(picture, false)) {
            return image.describe(aggregator);
        }
    }

    /** By category, in an order by seed; the last of a category may be smaller. */
    private static List<List<WarpedPicture>> groups(List<WarpedPicture> warped, long seed) {
        Map<String, List<WarpedPicture>> categories = new LinkedHashMap<>();
        warped.forEach(one -> categories
                .computeIfAbsent(one.picture().category(), key -> new ArrayList<>())
                .add(one));
        List<List<WarpedPicture>> groups = new ArrayList<>();
        for (List<WarpedPicture> all : categories.values()) {
            int[] order = SeededOrder.permutation(all.size(), new Random(seed));
            for (int begin = 0; begin + 1 < all.size(); begin += GROUP) {
                List<WarpedPicture> group = new ArrayList<>();
                for (int i = begin; i < Math.min(all.size(), begin + GROUP); i++) {
                    group.add(all.get(order[i]));
                }
                groups.add(group);
            }
        }
        return groups;
    }

    /** Pictures that are matched with one another. */
    private static final class Group {
        private final List<WarpedPicture> pictures;
        private final List<DescriptorMap> maps;
        private final NearestCells nearest;

        Group(List<WarpedPicture> pictures, List<DescriptorMap> maps, List<DescriptorMap> warps) {
            this.pictures = pictures;
            this.maps = maps;
            List<DescriptorMap> all = new ArrayList<>(maps);
            all.addAll(warps);
            this.nearest = new NearestCells(all, maps.size());
        }

        /** Where a cell of a picture's warp lies in the picture, -1 for outside. */
        private int unwarped(int cell, int picture) {
            DescriptorMap map = maps.get(picture);
            Size image = map.imageSize();
            Point at = pictures.get(picture).warp().source(centre(cell, map), image);
            boolean inside = at.x() >= 0 && at.y() >= 0 && at.x() < image.width() && at.y() < image.height();
            return inside ? PixelGrid.index(at, image, map.size()) : -1;
        }

        Collection<KeypointPair> pairs(UnlabelledPlan plan, long seed) {
            List<KeypointPair> pairs = new ArrayList<>();
            int n = maps.size();
            for (int from = 0; from < n; from++) {
                int[] others = SeededOrder.permutation(
                        n - 1,
                        new Random(SeededOrder.mix(
                                seed,
                                pictures.get(from)
                                        .file()
                                        .getFileName()
                                        .toString()
                                        .hashCode())));
                for (int k = 0; k < Math.min(plan.matches(), n - 1); k++) {
                    int to = others[k] < from ? others[k] : others[k] + 1;
                    KeypointPair pair = pair(from, to, plan);
                    if (pair.sourcePoints().size() >= plan.fewest()) {
                        pairs.add(pair);
                    }
                }
            }
            return pairs;
        }

        private KeypointPair pair(int from, int to, UnlabelledPlan plan) {
            List<Point> source = new ArrayList<>();
            List<Point> target = new ArrayList<>();
            int[] there = nearest.of(from, to);
            int[] warped = nearest.of(from, maps.size() + to);
            for (int cell = 0; cell < there.length; cell++) {
                boolean back = near(
                        nearest.of(to, from)[there[cell]], cell, maps.get(from).size(), BACK);
                boolean moved = near(
                        unwarped(warped[cell], to), there[cell], maps.get(to).size(), AROUND);
                if (back && moved && agreement(from, to, cell) >= plan.agreement()) {
                    source.add(centre(cell, maps.get(from)));
                    target.add(centre(there[cell], maps.get(to)));
                }
            }
            UnlabelledPicture a = pictures.get(from).picture();
            UnlabelledPicture b = pictures.get(to).picture();
            return new KeypointPair(
                    a.path().getFileName() + " to " + b.path().getFileName(),
                    a.path(),
                    b.path(),
                    source,
                    target,
                    List.of(),
                    a.category(),
                    null,
                    null);
        }

        /** The share of third pictures over which the way ends near where the straight way does; 1 where there are none. */
        private double agreement(int from, int to, int cell) {
            int straight = nearest.of(from, to)[cell];
            int agree = 0;
            for (int third = 0; third < maps.size(); third++) {
                if (third != from && third != to) {
                    int around = nearest.of(third, to)[nearest.of(from, third)[cell]];
                    agree += near(around, straight, maps.get(to).size(), AROUND) ? 1 : 0;
                }
            }
            return maps.size() == 2 ? 1 : (double) agree / (maps.size() - 2);
        }

        private static boolean near(int a, int b, Size size, int cells) {
            int width = size.width();
            return a >= 0 && Math.abs(a % width - b % width) <= cells && Math.abs(a / width - b / width) <= cells;
        }

        /** A cell's centre in pixels of the image. */
        private static Point centre(int cell, DescriptorMap map) {
            Size size = map.size();
            double x = (cell % size.width() + 0.5) * map.imageSize().width() / size.width() - 0.5;
            double y = (cell / size.width() + 0.5) * map.imageSize().height() / size.height() - 0.5;
            return new Point(x, y);
        }
    }
}
