package io.github.dhf4j.eval.picture;

import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.SimilarityMap;
import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** A point of the first image, and how similar every pixel of the second is to it; a cross marks the best. */
public final class HeatMapPicture {
    private HeatMapPicture() {}

    /**
     * Draws.
     *
     * @param source the first image
     * @param target the second image
     * @param map similarities over the second
     * @return a new picture
     */
    public static BufferedImage draw(RgbImage source, RgbImage target, SimilarityMap map) {
        return draw(source, target, map, "");
    }

    /**
     * Draws.
     *
     * @param source the first image
     * @param target the second image
     * @param map similarities over the second
     * @param note what else the caption says; empty for nothing
     * @return a new picture
     */
    public static BufferedImage draw(RgbImage source, RgbImage target, SimilarityMap map, String note) {
        Canvas canvas = new Canvas(source, target);
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float value : map.values()) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        Graphics2D g = canvas.graphics;
        g.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, 0.65f));
        g.drawImage(heat(map, low, high), canvas.rightX(), 0, canvas.rightWidth, canvas.height, null);
        g.setComposite(AlphaComposite.SrcOver);
        mark(g, canvas.leftX(map.source().x()), canvas.leftY(map.source().y()));
        mark(g, canvas.rightX(map.best().x()), canvas.rightY(map.best().y()));
        canvas.caption(
                String.format(Locale.ROOT, "similarity to %s: blue %.2f, yellow %.2f", map.source(), low, high), note);
        return canvas.finish();
    }

    /**
     * Draws into a file, as what its name ends in ({@link PictureFiles}).
     *
     * @param source the first image
     * @param target the second image
     * @param map similarities over the second
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(RgbImage source, RgbImage target, SimilarityMap map, Path path) throws IOException {
        write(source, target, map, "", path);
    }

    /**
     * Draws into a file, as what its name ends in ({@link PictureFiles}).
     *
     * @param source the first image
     * @param target the second image
     * @param map similarities over the second
     * @param note what else the caption says; empty for nothing
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(RgbImage source, RgbImage target, SimilarityMap map, String note, Path path)
            throws IOException {
        PictureFiles.write(draw(source, target, map, note), path);
    }

    private static BufferedImage heat(SimilarityMap map, float low, float high) {
        BufferedImage image = new BufferedImage(map.size().width(), map.size().height(), BufferedImage.TYPE_INT_RGB);
        float range = Math.max(high - low, 1e-9f);
        for (int y = 0; y < map.size().height(); y++) {
            for (int x = 0; x < map.size().width(); x++) {
                image.setRGB(x, y, Palette.viridis((map.at(x, y) - low) / range));
            }
        }
        return image;
    }

    private static void mark(Graphics2D g, double x, double y) {
        for (int pass = 0; pass < 2; pass++) {
            g.setColor(pass == 0 ? Color.WHITE : Color.RED);
            g.setStroke(new BasicStroke(pass == 0 ? 5f : 2.2f));
            g.draw(new Line2D.Double(x - 11, y, x + 11, y));
            g.draw(new Line2D.Double(x, y - 11, x, y + 11));
            g.draw(new Ellipse2D.Double(x - 7, y - 7, 14, 14));
        }
    }
}
