package io.github.dhf4j.eval.picture;

import io.github.dhf4j.image.PictureFiles;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Curves over steps, one panel below the other, such as a training run's loss and score. */
public final class ChartPicture {
    private static final int WIDTH = 860;
    private static final int PANEL = 260;
    private static final int LEFT = 70;
    private static final int RIGHT = 24;
    private static final int TOP = 40;
    private static final int BOTTOM = 40;

    private ChartPicture() {}

    /**
     * One curve.
     *
     * @param title over its panel
     * @param x steps, ascending
     * @param y one value for each; those that are not finite are passed over
     * @param smooth number of neighbours whose mean is drawn over the single values, 1 for the values alone
     */
    public record Curve(String title, List<Double> x, List<Double> y, int smooth) {}

    /**
     * Draws.
     *
     * @param curves one or more, each in a panel
     * @return a new picture
     */
    public static BufferedImage draw(List<Curve> curves) {
        BufferedImage picture =
                new BufferedImage(WIDTH, PANEL * Math.max(1, curves.size()), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = Canvas.paper(picture);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        for (int i = 0; i < curves.size(); i++) {
            panel(g, curves.get(i), i * PANEL);
        }
        g.dispose();
        return picture;
    }

    private static void panel(Graphics2D g, Curve curve, int offset) {
        double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, 1};
        for (int i = 0; i < curve.y.size(); i++) {
            if (Double.isFinite(curve.y.get(i))) {
                range[0] = Math.min(range[0], curve.y.get(i));
                range[1] = Math.max(range[1], curve.y.get(i));
                range[3] = Math.max(range[3], curve.x.get(i));
            }
        }
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        Letters.draw(g, curve.title, LEFT, offset + 24);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        if (range[0] > range[1]) {
            Letters.draw(g, "no values", LEFT, offset + PANEL / 2);
            return;
        }
        if (range[1] - range[0] < 1e-9) {
            range[0] -= 0.5;
            range[1] += 0.5;
        }
        for (int k = 0; k <= 4; k++) {
            double y = range[0] + (range[1] - range[0]) * k / 4;
            double x = range[3] * k / 4;
            int row = (int) Math.round(row(y, range, offset));
            int column = (int) Math.round(column(x, range));
            g.setColor(new Color(225, 225, 225));
            g.drawLine(LEFT, row, WIDTH - RIGHT, row);
            g.setColor(Color.DARK_GRAY);
            Letters.draw(g, String.format(Locale.ROOT, "%.2f", y), 14, row + 4);
            Letters.draw(g, String.format(Locale.ROOT, "%.0f", x), column - 12, offset + PANEL - 16);
        }
        boolean mean = curve.smooth > 1;
        g.setStroke(new BasicStroke(mean ? 1f : 2f));
        g.setColor(mean ? new Color(180, 200, 225) : new Color(31, 90, 160));
        line(g, curve, range, offset, 1);
        if (mean) {
            g.setStroke(new BasicStroke(2f));
            g.setColor(new Color(31, 90, 160));
            line(g, curve, range, offset, curve.smooth);
        } else {
            for (int i = 0; i < curve.y.size(); i++) {
                if (Double.isFinite(curve.y.get(i))) {
                    double x = column(curve.x.get(i), range);
                    double y = row(curve.y.get(i), range, offset);
                    g.fill(new Ellipse2D.Double(x - 3.5, y - 3.5, 7, 7));
                }
            }
        }
    }

    private static void line(Graphics2D g, Curve curve, double[] range, int offset, int smooth) {
        Path2D path = new Path2D.Double();
        double sum = 0;
        for (int i = 0; i < curve.y.size(); i++) {
            double value = curve.y.get(i);
            if (!Double.isFinite(value)) {
                continue;
            }
            sum += value;
            if (i >= smooth) {
                sum -= curve.y.get(i - smooth);
            }
            double y = row(sum / Math.min(i + 1, smooth), range, offset);
            double x = column(curve.x.get(i), range);
            Canvas.extend(path, x, y);
        }
        g.draw(path);
    }

    private static double column(double x, double[] range) {
        return LEFT + (WIDTH - LEFT - RIGHT) * (x - range[2]) / (range[3] - range[2]);
    }

    private static double row(double y, double[] range, int offset) {
        return offset + PANEL - BOTTOM - (PANEL - TOP - BOTTOM) * (y - range[0]) / (range[1] - range[0]);
    }

    /**
     * Draws into a file, as what its name ends in ({@link PictureFiles}).
     *
     * @param curves one or more
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(List<Curve> curves, Path path) throws IOException {
        PictureFiles.write(draw(curves), path);
    }
}
