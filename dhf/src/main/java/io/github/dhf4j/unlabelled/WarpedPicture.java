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

/**
 * A picture and a random warp of it: which place is which is known exactly.
 *
 * @param picture what was warped
 * @param size of both
 * @param warp how
 * @param file the warped picture
 */
record WarpedPicture(UnlabelledPicture picture, Size size, PictureWarp warp, Path file) {
    /**
     * Warps pictures into files, each once; those that are there already are left. A file's name tells picture and warp, so
     * that a folder may be gone on with.
     */
    static List<WarpedPicture> write(
            List<UnlabelledPicture> pictures, WarpSettings settings, long seed, Path folder, RunMonitor monitor)
            throws IOException {
        Files.createDirectories(folder);
        List<WarpedPicture> warped = new ArrayList<>();
        String kind = Digests.of(settings.toString()).substring(0, 8);
        monitor.start("warping", pictures.size());
        for (int i = 0; i < pictures.size(); i++) {
            monitor.checkCancelled();
            RgbImage image = RgbImage.read(pictures.get(i).path());
            String digest = Digests.of(image.samples()).substring(0, 16);
            // of the picture alone, whatever others are beside it
            long number = SeededOrder.mix(seed, Long.parseUnsignedLong(digest, 16));
            PictureWarp warp = PictureWarp.random(number, settings);
            Path file = folder.resolve(digest + "-" + Long.toHexString(number) + "-" + kind + ".png");
            if (!Files.exists(file)) {
                PictureFiles.write(warp.apply(image).toBufferedImage(), file);
            }
            warped.add(new WarpedPicture(pictures.get(i), image.size(), warp, file));
            monitor.step(i + 1);
        }
        monitor.end();
        return warped;
    }

    /** The warp and its picture, with points anywhere in the warp that lie inside the picture. */
    KeypointPair pair(int points, long seed) {
        Random random =
                new Random(SeededOrder.mix(seed, file.getFileName().toString().hashCode()));
        List<Point> there = new ArrayList<>();
        List<Point> here = new ArrayList<>();
        for (int p = 0; p < points; p++) {
            Point at = new Point(random.nextDouble() * (size.width() - 1), random.nextDouble() * (size.height() - 1));
            Point source = warp.source(at, size);
            if (source.x() >= 0
                    && source.y() >= 0
                    && source.x() <= size.width() - 1
                    && source.y() <= size.height() - 1) {
                there.add(at);
                here.add(source);
            }
        }
        String id = file.getFileName() + " of " + picture.path().getFileName();
        return new KeypointPair(id, file, picture.path(), there, here, List.of(), picture.category(), null, null);
    }
}
