package io.github.dhf4j.unlabelled;

import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.train.SeededOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Pairs of a picture's random warp with the picture itself: which place is which is known exactly. */
final class WarpedPairs {
    private WarpedPairs() {}

    /**
     * Warps pictures into files, those that are not there yet. A file's name tells picture, place and warp, so that a folder
     * may be gone on with.
     *
     * @param folder where they are written
     * @param plan how many warps of a picture, how far they go, how many points a pair has, by which seed
     * @return a pair a warp, the warp first; warps of which hardly anything is the picture's are left out
     */
    static List<KeypointPair> write(
            List<UnlabelledPicture> pictures, UnlabelledPlan plan, Path folder, RunMonitor monitor) throws IOException {
        Files.createDirectories(folder);
        List<KeypointPair> pairs = new ArrayList<>();
        monitor.start("warping", pictures.size());
        for (int i = 0; i < pictures.size(); i++) {
            monitor.checkCancelled();
            UnlabelledPicture picture = pictures.get(i);
            RgbImage image = RgbImage.read(picture.path());
            String digest = Digests.of(image.samples()).substring(0, 16);
            for (int k = 0; k < plan.warps(); k++) {
                long seed = SeededOrder.mix(SeededOrder.mix(plan.seed(), i), k);
                PictureWarp warp = PictureWarp.random(seed, plan.warp());
                Path file = folder.resolve(digest + "-" + Long.toHexString(seed) + ".png");
                KeypointPair pair = pair(picture, image.size(), file, warp, plan.points(), seed);
                if (pair.sourcePoints().size() * 2 < plan.points()) {
                    continue;
                }
                if (!Files.exists(file)) {
                    PictureFiles.write(warp.apply(image).toBufferedImage(), file);
                }
                pairs.add(pair);
            }
            monitor.step(i + 1);
        }
        monitor.end();
        return pairs;
    }

    /** Points anywhere in the warp that lie inside the picture. */
    private static KeypointPair pair(
            UnlabelledPicture picture, Size size, Path file, PictureWarp warp, int points, long seed) {
        Random random = new Random(~seed);
        List<Point> there = new ArrayList<>();
        List<Point> here = new ArrayList<>();
        for (int p = 0; p < points; p++) {
            Point at = new Point(random.nextDouble() * (size.width() - 1), random.nextDouble() * (size.height() - 1));
            Point source = warp.source(at, size);
            if (source.x() >= 0 && source.y() >= 0 && source.x() <= size.width() - 1 && source.y() <= size.height() - 1) {
                there.add(at);
                here.add(source);
            }
        }
        return new KeypointPair(
                file.getFileName().toString(), file, picture.path(), there, here, List.of(), picture.category(), null, null);
    }
}
