package io.github.dhf4j.eval.picture;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Images in one row, their descriptors in false colours of one shared basis below. */
public final class PcaPicture {
    private static final int PANEL = 300;
    private static final int GAP = 8;
    private static final int STRIP = 30;

    private PcaPicture() {}

    /**
     * Draws.
     *
     * @param images the images; may be fewer than the maps, which then stand without
     * @param maps their descriptors
     * @return a new picture
     */
    public static BufferedImage draw(List<RgbImage> images, List<DescriptorMap> maps) {
        return draw(images, maps, "");
    }

    /**
     * Draws.
     *
     * @param images the images; may be fewer than the maps, which then stand without
     * @param maps their descriptors
     * @param note a line below; empty for none
     * @return a new picture
     */
    public static BufferedImage draw(List<RgbImage> images, List<DescriptorMap> maps, String note) {
        PcaBasis basis = PcaBasis.of(maps);
        int rows = images.isEmpty() ? 1 : 2;
        BufferedImage picture = new BufferedImage(
                maps.size() * (PANEL + GAP) - GAP,
                rows * (PANEL + GAP) - GAP + (note.isEmpty() ? 0 : STRIP),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D g = Canvas.paper(picture);
        for (int i = 0; i < maps.size(); i++) {
            int x = i * (PANEL + GAP);
            if (i < images.size()) {
                g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
                g.drawImage(images.get(i).toBufferedImage(), x, 0, PANEL, PANEL, null);
            }
            g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
            g.drawImage(basis.draw(maps.get(i)), x, (rows - 1) * (PANEL + GAP), PANEL, PANEL, null);
        }
        Canvas.caption(g, note, 6, picture.getHeight() - 10, picture.getWidth() - 12);
        g.dispose();
        return picture;
    }

    /**
     * Draws into a file, as what its name ends in ({@link PictureFiles}).
     *
     * @param images the images
     * @param maps their descriptors
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(List<RgbImage> images, List<DescriptorMap> maps, Path path) throws IOException {
        write(images, maps, "", path);
    }

    /**
     * Draws into a file, as what its name ends in ({@link PictureFiles}).
     *
     * @param images the images
     * @param maps their descriptors
     * @param note a line below; empty for none
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(List<RgbImage> images, List<DescriptorMap> maps, String note, Path path)
            throws IOException {
        PictureFiles.write(draw(images, maps, note), path);
    }
}
