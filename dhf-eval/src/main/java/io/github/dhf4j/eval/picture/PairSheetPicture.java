package io.github.dhf4j.eval.picture;

import io.github.dhf4j.data.KeypointPair;
import io.github.dhf4j.eval.pck.PointScore;
import io.github.dhf4j.eval.pck.Threshold;
import io.github.dhf4j.image.RgbImage;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * A sheet of evaluated pairs: hits as filled blue dots joined by solid lines, misses as orange crosses joined by dashed
 * lines, with a ring where the point belongs. Colours and shapes differ, so that it can be read without colours.
 *
 * <p>Source: the paper's Figure 4.
 */
public final class PairSheetPicture {
    private static final int SIDE = 260;
    private static final int GAP = 10;
    private static final int STRIP = 26;
    private static final Color HIT = new Color(40, 110, 235);
    private static final Color MISS = new Color(240, 120, 20);

    private PairSheetPicture() {}

    /**
     * One pair of the sheet.
     *
     * @param title over the pair
     * @param pair its images
     * @param points its points with where they were found
     */
    public record Row(String title, KeypointPair pair, List<PointScore> points) {}

    /**
     * Draws.
     *
     * @param rows the pairs, two side by side
     * @param threshold what tells hits from misses
     * @return a new picture
     * @throws IOException if an image cannot be read
     */
    public static BufferedImage draw(List<Row> rows, Threshold threshold) throws IOException {
        return draw(rows, threshold, "");
    }

    /**
     * Draws.
     *
     * @param rows the pairs, two side by side
     * @param threshold what tells hits from misses
     * @param note what else the caption says; empty for nothing
     * @return a new picture
     * @throws IOException if an image cannot be read
     */
    public static BufferedImage draw(List<Row> rows, Threshold threshold, String note) throws IOException {
        int columns = Math.min(2, Math.max(1, rows.size()));
        int lines = (rows.size() + columns - 1) / columns;
        int width = 2 * SIDE + GAP;
        BufferedImage picture = new BufferedImage(
                columns * (width + 3 * GAP),
                lines * (SIDE + STRIP + GAP) + (note.isEmpty() ? 1 : 2) * STRIP,
                BufferedImage.TYPE_INT_RGB);
        Graphics2D g = Canvas.paper(picture);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        for (int i = 0; i < rows.size(); i++) {
            row(g, rows.get(i), threshold, i % columns * (width + 3 * GAP) + GAP, i / columns * (SIDE + STRIP + GAP));
        }
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        g.setColor(Color.DARK_GRAY);
        Letters.draw(
                g,
                "dot, solid line: found within " + threshold
                        + "; cross, dashed line: missed, the ring is where it belongs",
                GAP,
                lines * (SIDE + STRIP + GAP) + STRIP - 8);
        Letters.draw(g, note, GAP, picture.getHeight() - 8);
        g.dispose();
        return picture;
    }

    private static void row(Graphics2D g, Row row, Threshold threshold, int left, int top) throws IOException {
        RgbImage source = RgbImage.read(row.pair.source());
        RgbImage target = RgbImage.read(row.pair.target());
        long hits = row.points.stream().filter(point -> point.hit(threshold)).count();
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 13));
        Letters.draw(
                g,
                String.format(
                        Locale.ROOT, "%s, %s: %d of %d found", row.title, row.pair.category(), hits, row.points.size()),
                left,
                top + 18);
        int y = top + STRIP;
        int right = left + SIDE + GAP;
        g.drawImage(source.toBufferedImage(), left, y, SIDE, SIDE, null);
        g.drawImage(target.toBufferedImage(), right, y, SIDE, SIDE, null);
        for (PointScore point : row.points) {
            boolean hit = point.hit(threshold);
            double x0 = left + point.source().x() * SIDE / source.width();
            double y0 = y + point.source().y() * SIDE / source.height();
            double x1 = right + point.found().x() * SIDE / target.width();
            double y1 = y + point.found().y() * SIDE / target.height();
            line(g, x0, y0, x1, y1, hit);
            dot(g, x0, y0, hit);
            if (hit) {
                dot(g, x1, y1, true);
            } else {
                double x2 = right + point.target().x() * SIDE / target.width();
                double y2 = y + point.target().y() * SIDE / target.height();
                g.setColor(Color.WHITE);
                g.setStroke(new BasicStroke(4f));
                g.draw(new Ellipse2D.Double(x2 - 6, y2 - 6, 12, 12));
                g.setColor(MISS);
                g.setStroke(new BasicStroke(2f));
                g.draw(new Ellipse2D.Double(x2 - 6, y2 - 6, 12, 12));
                cross(g, x1, y1);
            }
        }
    }

    private static void line(Graphics2D g, double x0, double y0, double x1, double y1, boolean hit) {
        g.setColor(hit ? HIT : MISS);
        g.setStroke(
                hit
                        ? new BasicStroke(1.4f)
                        : new BasicStroke(1f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, new float[] {5, 4}, 0));
        g.draw(new Line2D.Double(x0, y0, x1, y1));
    }

    private static void dot(Graphics2D g, double x, double y, boolean hit) {
        g.setColor(Color.WHITE);
        g.fill(new Ellipse2D.Double(x - 5.5, y - 5.5, 11, 11));
        g.setColor(hit ? HIT : MISS);
        g.fill(new Ellipse2D.Double(x - 4, y - 4, 8, 8));
    }

    private static void cross(Graphics2D g, double x, double y) {
        for (int pass = 0; pass < 2; pass++) {
            g.setColor(pass == 0 ? Color.WHITE : MISS);
            g.setStroke(new BasicStroke(pass == 0 ? 5f : 2.4f));
            g.draw(new Line2D.Double(x - 5, y - 5, x + 5, y + 5));
            g.draw(new Line2D.Double(x - 5, y + 5, x + 5, y - 5));
        }
    }
}
