package io.github.dhf4j.eval.picture;

import io.github.dhf4j.image.PictureFiles;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Stroke;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What fewer calls cost: the difference in PCK against all of them, with intervals, over the number of calls. */
public final class BudgetPicture {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 420;
    private static final int LEFT = 78;
    private static final int RIGHT = 40;
    private static final int TOP = 64;
    private static final int BOTTOM = 64;
    private static final Color CURVE = new Color(31, 90, 160);
    private static final Color LOST = new Color(190, 60, 50);

    private BudgetPicture() {}

    /**
     * One budget.
     *
     * @param calls network calls an image, 1 or more
     * @param score PCK in percent
     * @param difference against the whole walk, in points
     * @param low lower end of the difference's interval
     * @param high its upper end
     * @param holds whether the loss is tolerable
     */
    public record Mark(int calls, double score, double difference, double low, double high, boolean holds) {}

    /**
     * Draws.
     *
     * @param title over the panel
     * @param marks one or more
     * @param tolerated the loss that is tolerated, in points; a line is drawn there
     * @param note below; empty for nothing
     * @return a new picture
     */
    public static BufferedImage draw(String title, List<Mark> marks, double tolerated, String note) {
        BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = Canvas.paper(picture);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        List<Mark> ordered =
                marks.stream().sorted(Comparator.comparingInt(Mark::calls)).toList();
        Axes axes = Axes.of(ordered, tolerated);
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        Letters.draw(g, title, 14, 24);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        g.setColor(Color.DARK_GRAY);
        Letters.draw(g, "points of PCK against the whole walk, with 95% intervals; the PCK at each budget", 14, 44);
        axes.draw(g);
        line(g, axes, 0, Color.GRAY, new BasicStroke(1.2f));
        line(g, axes, -tolerated, LOST, Canvas.dashed(1));
        curve(g, axes, ordered);
        ordered.forEach(mark -> mark(g, axes, mark));
        Canvas.caption(
                g,
                String.format(Locale.ROOT, "network calls an image; dashed: a loss of %.1f", tolerated)
                        + (note.isEmpty() ? "" : "; " + note),
                14,
                HEIGHT - 14,
                WIDTH - 28);
        g.dispose();
        return picture;
    }

    private static void line(Graphics2D g, Axes axes, double value, Color color, Stroke stroke) {
        g.setColor(color);
        g.setStroke(stroke);
        g.draw(new Line2D.Double(LEFT, axes.y(value), WIDTH - RIGHT, axes.y(value)));
    }

    private static void curve(Graphics2D g, Axes axes, List<Mark> marks) {
        Path2D path = new Path2D.Double();
        for (Mark mark : marks) {
            Canvas.extend(path, axes.x(mark.calls), axes.y(mark.difference));
        }
        g.setColor(new Color(180, 200, 225));
        g.setStroke(new BasicStroke(2f));
        g.draw(path);
    }

    private static void mark(Graphics2D g, Axes axes, Mark mark) {
        double x = axes.x(mark.calls);
        g.setColor(mark.holds ? CURVE : LOST);
        g.setStroke(new BasicStroke(1.6f));
        g.draw(new Line2D.Double(x, axes.y(mark.low), x, axes.y(mark.high)));
        for (double end : new double[] {mark.low, mark.high}) {
            g.draw(new Line2D.Double(x - 5, axes.y(end), x + 5, axes.y(end)));
        }
        g.fill(new Ellipse2D.Double(x - 4, axes.y(mark.difference) - 4, 8, 8));
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 12));
        Letters.draw(
                g, String.format(Locale.ROOT, "%.1f", mark.score), (float) x + 8, (float) axes.y(mark.difference) - 6);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        g.setColor(Color.DARK_GRAY);
        String calls = String.valueOf(mark.calls);
        Letters.draw(g, calls, (float) x - Letters.width(g, calls) / 2f, HEIGHT - BOTTOM + 18f);
    }

    /** Calls on a scale of doublings, differences on an even one. */
    private record Axes(double fewest, double most, double low, double high) {
        static Axes of(List<Mark> marks, double tolerated) {
            double low = -tolerated;
            double high = tolerated;
            for (Mark mark : marks) {
                low = Math.min(low, mark.low);
                high = Math.max(high, mark.high);
            }
            double room = 0.08 * (high - low);
            int fewest = marks.get(0).calls;
            int most = marks.get(marks.size() - 1).calls;
            return new Axes(fewest, Math.max(most, fewest + 1), low - room, high + room);
        }

        double x(double calls) {
            return LEFT + 16 + (WIDTH - LEFT - RIGHT - 32) * Math.log(calls / fewest) / Math.log(most / fewest);
        }

        double y(double value) {
            return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low);
        }

        void draw(Graphics2D g) {
            double step = 0.5;
            while ((high - low) / step > 9) {
                step *= 2;
            }
            for (double value = Math.ceil(low / step) * step; value <= high; value += step) {
                g.setColor(new Color(225, 225, 225));
                g.draw(new Line2D.Double(LEFT, y(value), WIDTH - RIGHT, y(value)));
                g.setColor(Color.DARK_GRAY);
                String text = String.format(Locale.ROOT, "%+.1f", value + 0.0);
                Letters.draw(g, text, LEFT - 10 - Letters.width(g, text), (float) y(value) + 4);
            }
        }
    }

    /**
     * Draws into a file, as what its name ends in ({@link PictureFiles}).
     *
     * @param title as for {@link #draw}
     * @param marks as for {@link #draw}
     * @param tolerated as for {@link #draw}
     * @param note as for {@link #draw}
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(String title, List<Mark> marks, double tolerated, String note, Path path)
            throws IOException {
        PictureFiles.write(draw(title, marks, tolerated, note), path);
    }
}
