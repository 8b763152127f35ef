package io.github.dhf4j.eval.picture;

import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Images in rows of four, each over its caption. */
public final class ImageSheetPicture {
    private static final int COLUMNS = 4;
    private static final int CELL = 240;
    private static final int STRIP = 26;

    private ImageSheetPicture() {}

    /**
     * Draws.
     *
     * @param images of any sizes; each is scaled to fit a square of 240 pixels
     * @param captions one for each; what does not fit is cut
     * @return a new picture
     * @throws IllegalArgumentException if there are no images or not as many captions
     */
    public static BufferedImage draw(List<RgbImage> images, List<String> captions) {
        return draw(images, captions, "");
    }

    /**
     * Draws.
     *
     * @param images as above
     * @param captions as above
     * @param note a line below all; empty for none
     * @return a new picture
     * @throws IllegalArgumentException as above
     */
    public static BufferedImage draw(List<RgbImage> images, List<String> captions, String note) {
        if (images.isEmpty() || images.size() != captions.size()) {
            throw new IllegalArgumentException("each image must have a caption, got " + images.size() + " images and "
                    + captions.size() + " captions");
        }
        int columns = Math.min(COLUMNS, images.size());
        int rows = (images.size() + columns - 1) / columns;
        BufferedImage picture = new BufferedImage(
                columns * (CELL + 4), rows * (CELL + STRIP) + (note.isEmpty() ? 0 : STRIP), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = Canvas.paper(picture);
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        for (int i = 0; i < images.size(); i++) {
            int x = i % columns * (CELL + 4);
            int y = i / columns * (CELL + STRIP);
            RgbImage image = images.get(i);
            double scale = (double) CELL / Math.max(image.width(), image.height());
            int width = Math.max(1, (int) Math.round(image.width() * scale));
            int height = Math.max(1, (int) Math.round(image.height() * scale));
            g.drawImage(image.toBufferedImage(), x + (CELL - width) / 2, y + (CELL - height) / 2, width, height, null);
            g.setColor(Color.DARK_GRAY);
            Letters.draw(g, fitting(g, captions.get(i)), x + 4, y + CELL + 18);
        }
        Canvas.caption(g, note, 4, picture.getHeight() - 8, picture.getWidth() - 8);
        g.dispose();
        return picture;
    }

    /**
     * Draws into a file, as what its name ends in ({@link PictureFiles}).
     *
     * @param images as for {@link #draw}
     * @param captions as for {@link #draw}
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(List<RgbImage> images, List<String> captions, Path path) throws IOException {
        write(images, captions, "", path);
    }

    /**
     * Draws into a file, as what its name ends in ({@link PictureFiles}).
     *
     * @param images as for {@link #draw}
     * @param captions as for {@link #draw}
     * @param note a line below all; empty for none
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(List<RgbImage> images, List<String> captions, String note, Path path) throws IOException {
        PictureFiles.write(draw(images, captions, note), path);
    }

    private static String fitting(Graphics2D g, String caption) {
        if (Letters.width(g, caption) <= CELL - 8) {
            return caption;
        }
        int length = caption.length();
        while (length > 0 && Letters.width(g, caption.substring(0, length) + "…") > CELL - 8) {
            length--;
        }
        return caption.substring(0, length) + "…";
    }
}
