package io.github.dhf4j.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.OpenGuard;
import java.io.IOException;
import java.util.List;

/** What methods share whose network sees both images of a pair, as squares of ImageNet's pixels. */
abstract sealed class ImageNetPairFinder implements PointFinder, AutoCloseable permits DhpfFinder, CatsPlusPlusFinder {
    private final Size side;
    private final NDManager manager;
    private final OpenGuard guard = new OpenGuard("finder of points");

    /** The manager is closed with this. */
    ImageNetPairFinder(int side, NDManager manager) {
        this.side = Size.square(side);
        this.manager = manager;
    }

    /** Where points of the first image lie in the second, all in pixels of the squares; (1, 3, side, side) borrowed. */
    abstract List<Point> transfer(NDArray first, NDArray second, List<Point> points);

    abstract void closeNetwork();

    @Override
    public final Found find(KeypointPair pair) throws IOException {
        RgbImage source = RgbImage.read(pair.source());
        RgbImage target = RgbImage.read(pair.target());
        // annotated points past the border count at the border
        List<Point> points = pair.sourcePoints().stream()
                .map(point -> point.within(source.size()).scaled(source.size(), side))
                .toList();
        try (OpenGuard.Use use = guard.enter();
                NDManager work = manager.newSubManager()) {
            List<Point> found = transfer(pixels(source, work), pixels(target, work), points);
            return new Found(
                    found.stream()
                            .map(point -> point.scaled(side, target.size()))
                            .toList(),
                    target.size());
        }
    }

    private NDArray pixels(RgbImage image, NDManager work) {
        return ImageNetPixels.of(List.of(image), side, PillowResize.Kernel.BILINEAR, work);
    }

    @Override
    public final void close() {
        guard.close(() -> {
            closeNetwork();
            manager.close();
        });
    }
}
