package io.github.dhf4j.spark;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.CorrespondenceMatcher;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Placement;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.spi.Providers;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Rows of source, target, points and both pictures' rows to correspondences. Pairs that follow one another and share a
 * picture read its numbers once.
 */
record MatchTask(boolean mutual, PlacementForm placement) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> pairs) {
        if (pairs.hasNext()) {
            EngineCores.useUnlessChosen();
        }
        CorrespondenceMatcher matcher = Providers.find(CorrespondenceMatcher.class, "dhf-core");
        Last source = new Last();
        Last target = new Last();
        return Iterators.flatMap(pairs, pair -> {
            String from = pair.getString(0);
            String to = pair.getString(1);
            try {
                return match(
                        matcher,
                        from,
                        source.map(from, pair.getAs(3)),
                        to,
                        target.map(to, pair.getAs(4)),
                        MatchRows.points(pair.isNullAt(2) ? null : pair.getList(2)));
            } catch (IOException | IllegalArgumentException e) {
                return List.of(MatchRows.broken(from, to, Texts.reason(e))).iterator();
            }
        });
    }

    private Iterator<Row> match(
            CorrespondenceMatcher matcher,
            String from,
            DescriptorMap source,
            String to,
            DescriptorMap target,
            List<Point> points) {
        Placement how = placement.placement();
        MatchOptions options = new MatchOptions(mutual || points.isEmpty(), how.localizer(), true);
        List<Correspondence> found = points.isEmpty()
                ? matcher.matchAll(source, target, options)
                : matcher.match(source, target, points, options);
        return Iterators.map(how.settle(found, source, target).iterator(), each -> MatchRows.of(from, to, each));
    }

    /** The map that was read last. */
    private static final class Last {
        private @Nullable String path;
        private @Nullable DescriptorMap map;

        DescriptorMap map(String wanted, @Nullable Row row) throws IOException {
            DescriptorMap known = map;
            if (known == null || !wanted.equals(path)) {
                if (row == null) {
                    throw new IOException("picture must be described, got no row of it (" + wanted + ")");
                }
                known = DescriptorRows.map(row);
                map = known;
                path = wanted;
            }
            return known;
        }
    }
}
