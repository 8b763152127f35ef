package io.github.dhf4j.eval.annotation;

import io.github.dhf4j.data.Box;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Point;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws a picture, small, with its labels: what is doubtful is paler. */
final class LabelPicture {
    private static final int LONGEST = 360;
    private static final Color[] COLOURS = {
        new Color(0xE69F00),
        new Color(0x56B4E9),
        new Color(0x009E73),
        new Color(0xF0E442),
        new Color(0x0072B2),
        new Color(0xD55E00),
        new Color(0xCC79A7)
    };

    private LabelPicture() {}

    static BufferedImage draw(RgbImage picture, LabelledImage labels) {
        int longest = Math.max(picture.width(), picture.height());
        double scale = Math.min(1, (double) LONGEST / longest);
        int width = Math.max(1, (int) Math.rint(scale * picture.width()));
        int height = Math.max(1, (int) Math.rint(scale * picture.height()));
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = small.createGraphics();
        try {
            g.drawImage(
                    picture.toBufferedImage().getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING), 0, 0, null);
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            int number = 0;
            for (Annotation annotation : labels.annotations()) {
                draw(g, annotation, labels.size(), scale, COLOURS[number++ % COLOURS.length]);
            }
        } finally {
            g.dispose();
        }
        return small;
    }

    private static void draw(Graphics2D g, Annotation annotation, Size size, double scale, Color colour) {
        g.setStroke(new BasicStroke(2));
        @Nullable Mask area = annotation.area(size);
        if (area != null) {
            Path2D shape = new Path2D.Double();
            MaskOutline.of(area, 1 / scale).forEach(ring -> add(shape, ring, scale));
            g.setColor(faded(colour, 0.35 * annotation.confidence()));
            g.fill(shape);
            g.setColor(faded(colour, annotation.confidence()));
            g.draw(shape);
        }
        @Nullable Box box = annotation.box();
        if (box != null) {
            g.setColor(faded(colour, annotation.confidence()));
            g.draw(new Rectangle2D.Double(
                    scale * box.left(),
                    scale * box.top(),
                    scale * (box.right() - box.left()),
                    scale * (box.bottom() - box.top())));
        }
        annotation.points().forEach((name, point) -> {
            double x = scale * point.at().x();
            double y = scale * point.at().y();
            g.setColor(faded(Color.BLACK, point.confidence()));
            g.fill(new Ellipse2D.Double(x - 4.5, y - 4.5, 9, 9));
            g.setColor(faded(colour, point.confidence()));
            g.fill(new Ellipse2D.Double(x - 3, y - 3, 6, 6));
        });
    }

    private static void add(Path2D shape, List<Point> ring, double scale) {
        shape.moveTo(scale * ring.get(0).x(), scale * ring.get(0).y());
        ring.forEach(corner -> shape.lineTo(scale * corner.x(), scale * corner.y()));
        shape.closePath();
    }

    private static Color faded(Color colour, double confidence) {
        int alpha = (int) Math.rint(255 * Math.max(0.3, Math.min(1, confidence)));
        return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), alpha);
    }
}
