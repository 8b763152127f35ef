package io.github.dhf4j.eval.pck;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.ImageFeatures;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.ConcatenationSearch;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.DescriptorFusion;
import io.github.dhf4j.matching.JointComponents;
import io.github.dhf4j.matching.MirrorChoice;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.ScriptModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The methods that can be evaluated over an image's features, and floors that need none. */
public final class Finders {
    private static final long KEPT_BYTES = 256L << 20;
    private static final ScriptModule SCRIPT = ScriptModule.load(Finders.class, "resize.py");

    private Finders() {}

    /**
     * Nearest neighbours of descriptors.
     *
     * @param features borrowed
     * @param aggregator makes descriptors of them; borrowed
     * @param grid how points are matched
     * @return the method
     */
    public static PointFinder descriptors(FeatureSource features, FeatureAggregator aggregator, MatchGrid grid) {
        Recent<DescriptorMap> maps = recent(features, aggregator, grid);
        if (!grid.placement().mirrored()) {
            return placed(maps, grid);
        }
        Recent<DescriptorMap> mirrored =
                new Recent<>(image -> sized(described(features, aggregator, image, true), grid));
        return pair -> {
            DescriptorMap source = maps.get(pair.source());
            MirrorChoice choice = MirrorChoice.of(source, mirrored.get(pair.source()), maps.get(pair.target()));
            List<Point> points = inside(pair.sourcePoints(), source.imageSize());
            return found(
                    choice.place(points, pair.counterparts(), grid.placement()),
                    choice.target().imageSize());
        };
    }

    /** The descriptors of images, those used last kept. */
    static ConfidenceSample.Maps maps(FeatureSource features, FeatureAggregator aggregator, MatchGrid grid) {
        return recent(features, aggregator, grid)::get;
    }

    private static Recent<DescriptorMap> recent(FeatureSource features, FeatureAggregator aggregator, MatchGrid grid) {
        return new Recent<>(image -> sized(described(features, aggregator, image, false), grid));
    }

    /**
     * Nearest neighbours of two methods' descriptors joined, such as Stable Diffusion's and DINOv2's.
     *
     * @param first its features; borrowed
     * @param firstAggregator makes descriptors of them; borrowed
     * @param second likewise
     * @param secondAggregator likewise
     * @param grid how points are matched
     * @return the method
     */
    public static PointFinder fusion(
            FeatureSource first,
            FeatureAggregator firstAggregator,
            FeatureSource second,
            FeatureAggregator secondAggregator,
            MatchGrid grid) {
        Recent<DescriptorMap> recent = new Recent<>(image -> {
            DescriptorMap map = described(first, firstAggregator, image, false);
            return sized(DescriptorFusion.of(map, described(second, secondAggregator, image, false)), grid);
        });
        return placed(recent, grid);
    }

    /**
     * Nearest neighbours by the cosine of all maps concatenated, each resized first: the paper's row SD-Concat-All.
     *
     * @param features borrowed
     * @param side what maps are resized to, 64 for Stable Diffusion 1.5
     * @param grid how points are matched
     * @return the method
     */
    public static PointFinder concatenation(FeatureSource features, int side, MatchGrid grid) {
        return pair -> {
            try (ImageFeatures source = features.features(pair.source(), false);
                    ImageFeatures target = features.features(pair.target(), false)) {
                ConcatenationSearch search = new ConcatenationSearch(inside(pair.sourcePoints(), source.imageSize()));
                for (FeatureKey key : source.stack().keys()) {
                    search.add(part(source, key, side, grid.matchSize()), part(target, key, side, grid.matchSize()));
                }
                return found(search.locate(grid.localizer()), target.imageSize());
            }
        };
    }

    /**
     * Nearest neighbours of the principal components of both images' maps together, a layer at a time.
     *
     * @param features whose maps are taken; borrowed
     * @param components how many are kept of a layer
     * @param grid how points are matched
     * @return the method
     */
    public static PointFinder jointComponents(FeatureSource features, int components, MatchGrid grid) {
        Recent<List<DescriptorMap>> recent = new Recent<>(image -> maps(features, image));
        return pair -> {
            JointComponents joint = joint(recent, pair, components);
            return placed(joint.source(), joint.target(), pair.sourcePoints(), grid);
        };
    }

    /**
     * The same, joined with another method's descriptors: Stable Diffusion's and DINOv2's as SD + DINO has them.
     *
     * @param features whose maps are taken; borrowed
     * @param components how many are kept of a layer
     * @param second the other method's features; borrowed
     * @param secondAggregator makes descriptors of them; borrowed
     * @param grid how points are matched
     * @return the method
     */
    public static PointFinder jointFusion(
            FeatureSource features,
            int components,
            FeatureSource second,
            FeatureAggregator secondAggregator,
            MatchGrid grid) {
        Recent<List<DescriptorMap>> recent = new Recent<>(image -> maps(features, image));
        Recent<DescriptorMap> others = new Recent<>(image -> described(second, secondAggregator, image, false));
        return pair -> {
            JointComponents joint = joint(recent, pair, components);
            return placed(
                    DescriptorFusion.of(joint.source(), others.get(pair.source())),
                    DescriptorFusion.of(joint.target(), others.get(pair.target())),
                    pair.sourcePoints(),
                    grid);
        };
    }

    private static JointComponents joint(Recent<List<DescriptorMap>> recent, KeypointPair pair, int components)
            throws IOException {
        return JointComponents.of(recent.get(pair.source()), recent.get(pair.target()), components);
    }

    private static List<DescriptorMap> maps(FeatureSource features, Path image) throws IOException {
        try (ImageFeatures of = features.features(image, false);
                NDManager work = of.stack().newManager()) {
            List<DescriptorMap> maps = new ArrayList<>();
            for (FeatureKey key : of.stack().keys()) {
                NDArray map = of.stack().read(key, work);
                maps.add(of.placing()
                        .apply(DescriptorMap.of(map, List.of(of.imageSize()), of.loadSize())
                                .get(0)));
            }
            return maps;
        }
    }

    private static DescriptorMap described(
            FeatureSource features, FeatureAggregator aggregator, Path image, boolean mirrored) throws IOException {
        try (ImageFeatures of = features.features(image, mirrored)) {
            return of.describe(aggregator);
        }
    }

    private static DescriptorMap part(ImageFeatures image, FeatureKey key, int side, int matchSize) {
        try (NDManager work = image.stack().newManager()) {
            NDArray map = image.stack().read(key, work);
            NDArray resized = SCRIPT.run(work, "resize", map, new long[] {side, side});
            DescriptorMap part = DescriptorMap.of(resized, List.of(image.imageSize()), image.loadSize())
                    .get(0);
            return image.placing().apply(matchSize == 0 ? part : part.withMatchSize(Size.square(matchSize)));
        }
    }

    /**
     * A floor: the colours around each pixel, matched like descriptors.
     *
     * @param side what images are resized to; each cell is described by the 3 x 3 around it, less their mean
     * @param grid how points are matched
     * @return the method
     */
    public static PointFinder pixels(int side, MatchGrid grid) {
        Recent<DescriptorMap> recent = new Recent<>(image -> {
            RgbImage picture = RgbImage.read(image);
            byte[] rgb = PillowResize.resize(picture, Size.square(side)).samples();
            Size size = Size.square(side);
            return new DescriptorMap(27, size, around(rgb, side), picture.size(), size)
                    .withMatchSize(Size.square(grid.matchSize()));
        });
        return placed(recent, grid);
    }

    private static float[] around(byte[] rgb, int side) {
        float[] values = new float[27 * side * side];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                for (int k = 0; k < 27; k++) {
                    int v = Math.max(0, Math.min(side - 1, y + k / 9 - 1));
                    int u = Math.max(0, Math.min(side - 1, x + k / 3 % 3 - 1));
                    values[(k * side + y) * side + x] = (rgb[3 * (v * side + u) + k % 3] & 0xff) / 127.5f - 1;
                }
            }
        }
        return values;
    }

    /**
     * A floor: every point stays where it is, as a share of the image.
     *
     * @return the method
     */
    public static PointFinder samePosition() {
        Recent<Size> sizes = new Recent<>(RgbImage::sizeOf);
        return pair -> {
            Size source = sizes.get(pair.source());
            Size target = sizes.get(pair.target());
            return new PointFinder.Found(
                    pair.sourcePoints().stream()
                            .map(point -> point.scaled(source, target))
                            .toList(),
                    target);
        };
    }

    private static PointFinder placed(Recent<DescriptorMap> maps, MatchGrid grid) {
        return pair -> placed(maps.get(pair.source()), maps.get(pair.target()), pair.sourcePoints(), grid);
    }

    /** On a grid of its own, where one is named. */
    private static PointFinder.Found placed(
            DescriptorMap source, DescriptorMap target, List<Point> points, MatchGrid grid) {
        List<Point> within = inside(points, source.imageSize());
        return found(grid.placement().place(sized(source, grid), sized(target, grid), within), target.imageSize());
    }

    private static DescriptorMap sized(DescriptorMap map, MatchGrid grid) {
        return grid.matchSize() == 0 ? map : map.withMatchSize(Size.square(grid.matchSize()));
    }

    private static PointFinder.Found found(List<Correspondence> correspondences, Size target) {
        return new PointFinder.Found(
                correspondences.stream().map(Correspondence::target).toList(), target);
    }

    /** Annotated points may lie past the border; they count at the border. */
    static List<Point> inside(List<Point> points, Size size) {
        return points.stream().map(point -> point.within(size)).toList();
    }

    /** What was made of the images used last, since pairs share images. */
    private static final class Recent<T> {
        @FunctionalInterface
        interface Maker<T> {
            T make(Path image) throws IOException;
        }

        private final Maker<T> maker;
        private final Map<Path, T> kept = new LinkedHashMap<>(16, 0.75f, true);

        Recent(Maker<T> maker) {
            this.maker = maker;
        }

        synchronized T get(Path image) throws IOException {
            T value = kept.get(image);
            if (value == null) {
                value = maker.make(image);
                kept.put(image, value);
                long bytes = 64 + bytes(value);
                while (kept.size() > 2 && kept.size() * bytes > KEPT_BYTES) {
                    kept.remove(kept.keySet().iterator().next());
                }
            }
            return value;
        }

        private static long bytes(Object value) {
            return value instanceof DescriptorMap map
                    ? 4L * map.values().length
                    : value instanceof List<?> list
                            ? list.stream().mapToLong(each -> bytes(each)).sum()
                            : 0;
        }
    }
}
