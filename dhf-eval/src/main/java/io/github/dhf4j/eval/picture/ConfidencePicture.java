package io.github.dhf4j.eval.picture;

import io.github.dhf4j.eval.pck.ConfidenceMeasure;
import io.github.dhf4j.eval.pck.Reliability;
import io.github.dhf4j.image.PictureFiles;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** How far probabilities come true: reliability of confidence and of absence, and PCK against coverage. */
public final class ConfidencePicture {
    private static final int PANEL = 330;
    private static final int GAP = 76;
    private static final int LEFT = 64;
    private static final int TOP = 88;
    private static final int BOTTOM = 84;
    private static final int WIDTH = LEFT + 3 * PANEL + 2 * GAP + 24;
    private static final int HEIGHT = TOP + PANEL + BOTTOM;
    private static final Color CURVE = new Color(31, 90, 160);
    private static final Color BAR = new Color(180, 200, 225);
    private static final Color GRID = new Color(225, 225, 225);

    private ConfidencePicture() {}

    /**
     * Draws.
     *
     * @param title over the panels
     * @param measure what was measured
     * @param note below; empty for nothing
     * @return a new picture
     */
    public static BufferedImage draw(String title, ConfidenceMeasure measure, String note) {
        BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = Canvas.paper(picture);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        Letters.draw(g, title, 14, 24);
        Panel first = new Panel(g, LEFT);
        first.axes(
                "confidence",
                String.format(
                        Locale.ROOT,
                        "found within a tenth of the image; ECE %.3f",
                        measure.confidence().error()));
        reliability(first, measure.confidence());
        Panel second = new Panel(g, LEFT + PANEL + GAP);
        second.axes(
                "absence, of points asked together",
                String.format(
                        Locale.ROOT,
                        "not in the second image; ECE %.3f, AUROC %.2f",
                        measure.absenceTogether().error(),
                        measure.notThere().together()));
        reliability(second, measure.absenceTogether());
        Panel third = new Panel(g, LEFT + 2 * (PANEL + GAP));
        third.axes("share of the points, the surest first", "PCK@0.1 img of those; dashed: of all");
        coverage(third, measure);
        Canvas.caption(
                g,
                String.format(
                                Locale.ROOT,
                                "%d points, and %d that are not there; bars: share of the points; dots: what came true of what was said",
                                measure.points(),
                                measure.absent())
                        + (note.isEmpty() ? "" : "; " + note),
                14,
                HEIGHT - 14,
                WIDTH - 28);
        g.dispose();
        return picture;
    }

    private static void reliability(Panel panel, Reliability reliability) {
        Graphics2D g = panel.g;
        g.setColor(BAR);
        for (Reliability.Bin bin : reliability.bins()) {
            g.fill(new Rectangle2D.Double(
                    panel.x(bin.from()) + 2, panel.y(bin.share()), 0.1 * PANEL - 4, PANEL * bin.share()));
        }
        panel.line(0, 0, 1, 1);
        Path2D path = new Path2D.Double();
        for (Reliability.Bin bin : reliability.bins()) {
            panel.add(path, bin.said(), bin.came());
        }
        panel.curve(path);
        reliability.bins().forEach(bin -> panel.dot(bin.said(), bin.came()));
    }

    private static void coverage(Panel panel, ConfidenceMeasure measure) {
        panel.line(0, measure.pck(), 1, measure.pck());
        Path2D path = new Path2D.Double();
        measure.coverage().forEach(at -> panel.add(path, at.share(), at.pck()));
        panel.curve(path);
        measure.coverage().forEach(at -> panel.dot(at.share(), at.pck()));
    }

    /** A square from 0 to 1 both ways. */
    private record Panel(Graphics2D g, int left) {
        double x(double value) {
            return left + PANEL * value;
        }

        double y(double value) {
            return TOP + PANEL * (1 - value);
        }

        void axes(String below, String above) {
            g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
            g.setStroke(new BasicStroke(1f));
            for (int k = 0; k <= 5; k++) {
                double at = k / 5.0;
                g.setColor(GRID);
                g.draw(new Line2D.Double(x(0), y(at), x(1), y(at)));
                g.draw(new Line2D.Double(x(at), y(0), x(at), y(1)));
                g.setColor(Color.DARK_GRAY);
                String text = String.format(Locale.ROOT, "%.1f", at);
                int width = Letters.width(g, text);
                Letters.draw(g, text, (float) x(0) - width - 8, (float) y(at) + 4);
                Letters.draw(g, text, (float) x(at) - width / 2f, (float) y(0) + 18);
            }
            Letters.draw(g, below, (float) x(0.5) - Letters.width(g, below) / 2f, (float) y(0) + 38);
            Letters.draw(g, above, (float) x(0), (float) y(1) - 14);
        }

        void line(double x1, double y1, double x2, double y2) {
            g.setColor(Color.GRAY);
            g.setStroke(Canvas.dashed(1.2f));
            g.draw(new Line2D.Double(x(x1), y(y1), x(x2), y(y2)));
        }

        void add(Path2D path, double x, double y) {
            Canvas.extend(path, x(x), y(y));
        }

        void curve(Path2D path) {
            g.setColor(CURVE);
            g.setStroke(new BasicStroke(2f));
            g.draw(path);
        }

        void dot(double x, double y) {
            g.fill(new Ellipse2D.Double(x(x) - 3.5, y(y) - 3.5, 7, 7));
        }
    }

    /**
     * Draws into a file, as what its name ends in ({@link PictureFiles}).
     *
     * @param title as for {@link #draw}
     * @param measure as for {@link #draw}
     * @param note as for {@link #draw}
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(String title, ConfidenceMeasure measure, String note, Path path) throws IOException {
        PictureFiles.write(draw(title, measure, note), path);
    }
}
