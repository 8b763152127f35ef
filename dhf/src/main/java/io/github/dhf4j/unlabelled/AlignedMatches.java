package io.github.dhf4j.unlabelled;

import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.feature.MapExtent;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.train.SeededOrder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Matches between pictures of a category that are aligned with one another ({@link JointAlignment}): both ways and around any
 * third picture they lead to the same place. Pictures are aligned in groups, so that a category may be as large as one likes.
 */
final class AlignedMatches {
    /** Pictures a group at most. */
    private static final int GROUP = 100;

    private AlignedMatches() {}

    /**
     * Matches pictures.
     *
     * @param pictures of any categories, each of two pictures or more to be matched
     * @param features of the network that weights are trained for; borrowed
     * @param plan with how many others, and which places
     * @param seed of the choices
     * @param monitor hears of each picture and each group, and can cancel between them
     * @return pairs of one point or more
     * @throws IOException if a picture cannot be read
     */
    static List<KeypointPair> find(
            List<UnlabelledPicture> pictures,
            FeatureSource features,
            UnlabelledPlan plan,
            long seed,
            RunMonitor monitor)
            throws IOException {
        List<List<UnlabelledPicture>> groups = groups(pictures, seed);
        PlacelessMaps maps = PlacelessMaps.over(
                pictures.stream().map(UnlabelledPicture::path).toList(), features, monitor);
        List<KeypointPair> pairs = new ArrayList<>();
        monitor.start("aligning", groups.size());
        for (int i = 0; i < groups.size(); i++) {
            monitor.checkCancelled();
            List<float[]> plain = new ArrayList<>();
            List<float[]> mirrored = new ArrayList<>();
            List<Seen> seen = new ArrayList<>();
            for (UnlabelledPicture picture : groups.get(i)) {
                plain.add(maps.of(picture.path(), false));
                mirrored.add(maps.of(picture.path(), true));
                seen.add(Seen.of(picture, features));
            }
            JointAlignment alignment = JointAlignment.of(plain, mirrored, SeededOrder.mix(seed, i));
            pairs.addAll(new Group(seen, alignment, plan, new Random(SeededOrder.mix(~seed, i))).pairs());
            monitor.step(i + 1);
        }
        monitor.end();
        return pairs;
    }

    /** By category, in an order by seed, as evenly as they can be; what is alone in its category is left out. */
    private static List<List<UnlabelledPicture>> groups(List<UnlabelledPicture> pictures, long seed) {
        Map<String, List<UnlabelledPicture>> categories = new LinkedHashMap<>();
        pictures.forEach(one -> categories
                .computeIfAbsent(one.category(), key -> new ArrayList<>())
                .add(one));
        List<List<UnlabelledPicture>> groups = new ArrayList<>();
        for (List<UnlabelledPicture> all : categories.values()) {
            int[] order = SeededOrder.permutation(all.size(), new Random(seed));
            int count = (all.size() + GROUP - 1) / GROUP;
            for (int g = 0; g < count && all.size() > 1; g++) {
                groups.add(IntStream.range(all.size() * g / count, all.size() * (g + 1) / count)
                        .mapToObj(i -> all.get(order[i]))
                        .toList());
            }
        }
        return groups;
    }

    /** A picture, its size, and what of it the maps cover. */
    private record Seen(UnlabelledPicture picture, Size size, MapExtent extent) {
        static Seen of(UnlabelledPicture picture, FeatureSource features) throws IOException {
            try (ImageFeatures image = features.features(picture.path(), false)) {
                return new Seen(picture, image.imageSize(), image.extent());
            }
        }
    }

    /** Pictures that were aligned. */
    private static final class Group {
        private final List<Seen> pictures;
        private final JointAlignment alignment;
        private final UnlabelledPlan plan;
        private final Random random;
        private final int[] places;

        Group(List<Seen> pictures, JointAlignment alignment, UnlabelledPlan plan, Random random) {
            this.pictures = pictures;
            this.alignment = alignment;
            this.plan = plan;
            this.random = random;
            this.places = best(alignment.agreement(), plan.places());
        }

        /** Each of the pictures that align best with some others of them. */
        List<KeypointPair> pairs() {
            int[] kept = best(alignment.scores(), plan.kept());
            List<KeypointPair> pairs = new ArrayList<>();
            for (int from = 0; from < kept.length; from++) {
                int[] others = SeededOrder.permutation(kept.length - 1, random);
                for (int k = 0; k < Math.min(plan.matches(), others.length); k++) {
                    KeypointPair pair = pair(kept[from], kept[others[k] < from ? others[k] : others[k] + 1]);
                    if (!pair.sourcePoints().isEmpty()) {
                        pairs.add(pair);
                    }
                }
            }
            return pairs;
        }

        /** The places of the highest values, a share of them but two at least. */
        private static int[] best(double[] values, double share) {
            return IntStream.range(0, values.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> -values[i]))
                    .limit(Math.max(2, (long) Math.ceil(share * values.length)))
                    .mapToInt(i -> i)
                    .toArray();
        }

        /** Points anywhere in the cells of the template in which pictures agree most, as far as they are in both. */
        private KeypointPair pair(int from, int to) {
            Seen a = pictures.get(from);
            Seen b = pictures.get(to);
            List<Point> source = new ArrayList<>();
            List<Point> target = new ArrayList<>();
            for (int p = 0; p < plan.points(); p++) {
                int cell = places[random.nextInt(places.length)];
                double u = (cell % PlacelessMaps.SIDE + random.nextDouble()) / PlacelessMaps.SIDE - 0.5;
                double v = (cell / PlacelessMaps.SIDE + random.nextDouble()) / PlacelessMaps.SIDE - 0.5;
                Point there = alignment.poses().get(from).pixel(u, v, a.size, a.extent);
                Point here = alignment.poses().get(to).pixel(u, v, b.size, b.extent);
                if (there.equals(there.within(a.size)) && here.equals(here.within(b.size))) {
                    source.add(there);
                    target.add(here);
                }
            }
            return new KeypointPair(
                    a.picture.path().getFileName() + " to " + b.picture.path().getFileName(),
                    a.picture.path(),
                    b.picture.path(),
                    source,
                    target,
                    List.of(),
                    a.picture.category(),
                    null,
                    null);
        }
    }
}
