package io.github.dhf4j.eval.picture;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import java.awt.Color;
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

    private PcaPicture() {}

    /**
     * Draws.
     *
     * @param images the images; may be fewer than the maps, which then stand without
     * @param maps their descriptors
     * @return a new picture
     */
    public static BufferedImage draw(List<RgbImage> images, List<DescriptorMap> maps) {
        PcaBasis basis = PcaBasis.of(maps);
        int rows = images.isEmpty() ? 1 : 2;
        BufferedImage picture = new BufferedImage(
                maps.size() * (PANEL + GAP) - GAP, rows * (PANEL + GAP) - GAP, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        for (int i = 0; i < maps.size(); i++) {
            int x = i * (PANEL + GAP);
            if (i < images.size()) {
                g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
                g.drawImage(images.get(i).toBufferedImage(), x, 0, PANEL, PANEL, null);
            }
            g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
            g.drawImage(basis.draw(maps.get(i)), x, (rows - 1) * (PANEL + GAP), PANEL, PANEL, null);
        }
        g.dispose();
        return picture;
    }

    /**
     * Draws into a PNG file.
     *
     * @param images the images
     * @param maps their descriptors
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(List<RgbImage> images, List<DescriptorMap> maps, Path path) throws IOException {
        Canvas.writePng(draw(images, maps), path);
    }
}
