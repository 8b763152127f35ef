package io.github.dhf4j.eval.data;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.train.SeededOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One image of a data set that annotates images and not pairs.
 *
 * @param points the key points that can be seen, by name
 */
record AnnotatedImage(
        String id,
        Path path,
        String category,
        Map<String, Point> points,
        @Nullable Box box) {

    /** The pair of two images: the points that both show, in the first's order. */
    static KeypointPair pair(AnnotatedImage source, AnnotatedImage target) {
        return pair(source, target, source.id + " to " + target.id, source.category);
    }

    /** The same under a name and a category of its own. */
    static KeypointPair pair(AnnotatedImage source, AnnotatedImage target, String id, String category) {
        List<String> names = source.points.keySet().stream()
                .filter(target.points::containsKey)
                .toList();
        return new KeypointPair(
                id,
                source.path,
                target.path,
                names.stream().map(source.points::get).toList(),
                names.stream().map(target.points::get).toList(),
                names,
                category,
                source.box,
                target.box);
    }

    /**
     * Pairs of images of one category, drawn by seed: each category in turn gives one, until there are as many as
     * wanted or none is left. No ordered pair comes twice.
     */
    static void drawPairs(List<AnnotatedImage> images, int count, long seed, PairCollector collector)
            throws IOException {
        Map<String, List<AnnotatedImage>> categories = new LinkedHashMap<>();
        for (AnnotatedImage image : images) {
            categories.computeIfAbsent(image.category, key -> new ArrayList<>()).add(image);
        }
        List<List<AnnotatedImage>> usable = new ArrayList<>();
        List<int[]> orders = new ArrayList<>();
        categories.forEach((category, members) -> {
            if (members.size() < 2) {
                collector.remark("categories with one image give no pair", category);
            } else {
                usable.add(members);
                int possible = Math.multiplyExact(members.size(), members.size() - 1);
                orders.add(SeededOrder.permutation(possible, new Random(SeededOrder.mix(seed, category.hashCode()))));
            }
        });
        int drawn = 0;
        boolean more = true;
        for (int round = 0; more && drawn < count; round++) {
            more = false;
            for (int c = 0; c < usable.size() && drawn < count; c++) {
                List<AnnotatedImage> members = usable.get(c);
                if (round < orders.get(c).length) {
                    more = true;
                    int number = orders.get(c)[round];
                    int from = number / (members.size() - 1);
                    int to = number % (members.size() - 1);
                    collector.add(pair(members.get(from), members.get(to < from ? to : to + 1)));
                    drawn++;
                }
            }
        }
        if (drawn < count) {
            collector.note(count + " pairs were asked for, " + drawn + " exist");
        }
    }
}
