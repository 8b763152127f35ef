package io.github.dhf4j.eval.picture;

import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.Correspondence;
import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Correspondences drawn on both images side by side. Few are numbered dots joined by lines; many are small dots whose
 * colour is the same on both sides and changes with the place in the first image. At most {@value #MAX_DRAWN} are
 * drawn, the most similar ones, and the caption says so. What is less sure than {@value #DOUBTFUL} is faint.
 */
public final class CorrespondencePicture {
    /** How many correspondences are drawn at most. */
    public static final int MAX_DRAWN = 200;

    /** Below which confidence a correspondence is faint. */
    public static final double DOUBTFUL = 0.5;

    private static final int NUMBERED = 30;
    private static final float FAINT = 0.3f;

    private CorrespondencePicture() {}

    /**
     * Draws.
     *
     * @param source the first image
     * @param target the second image
     * @param correspondences in both images' own pixels
     * @return a new picture
     */
    public static BufferedImage draw(RgbImage source, RgbImage target, List<Correspondence> correspondences) {
        return draw(source, target, correspondences, "");
    }

    /**
     * Draws.
     *
     * @param source the first image
     * @param target the second image
     * @param correspondences in both images' own pixels
     * @param note what else the caption says; empty for nothing
     * @return a new picture
     */
    public static BufferedImage draw(
            RgbImage source, RgbImage target, List<Correspondence> correspondences, String note) {
        Canvas canvas = new Canvas(source, target);
        boolean numbered = correspondences.size() <= NUMBERED;
        List<Correspondence> drawn = correspondences.size() <= MAX_DRAWN
                ? correspondences
                : correspondences.stream()
                        .sorted(Comparator.comparingDouble(Correspondence::similarity)
                                .reversed())
                        .limit(MAX_DRAWN)
                        .toList();
        for (int i = 0; i < drawn.size(); i++) {
            drawLine(canvas, drawn.get(i), color(drawn.get(i), i, drawn.size(), source, numbered), numbered);
        }
        for (int i = 0; i < drawn.size(); i++) {
            Correspondence pair = drawn.get(i);
            Color color = color(pair, i, drawn.size(), source, numbered);
            canvas.graphics.setComposite(AlphaComposite.SrcOver.derive(isDoubtful(pair) ? FAINT : 1f));
            drawDot(
                    canvas.graphics,
                    canvas.leftX(pair.source().x()),
                    canvas.leftY(pair.source().y()),
                    color,
                    numbered ? i + 1 : 0);
            drawDot(
                    canvas.graphics,
                    canvas.rightX(pair.target().x()),
                    canvas.rightY(pair.target().y()),
                    color,
                    numbered ? i + 1 : 0);
            canvas.graphics.setComposite(AlphaComposite.SrcOver);
        }
        canvas.caption(caption(correspondences, drawn), note);
        return canvas.finish();
    }

    /**
     * Draws into a file, as what its name ends in ({@link PictureFiles}).
     *
     * @param source the first image
     * @param target the second image
     * @param correspondences in both images' own pixels
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(RgbImage source, RgbImage target, List<Correspondence> correspondences, Path path)
            throws IOException {
        write(source, target, correspondences, "", path);
    }

    /**
     * Draws into a file, as what its name ends in ({@link PictureFiles}).
     *
     * @param source the first image
     * @param target the second image
     * @param correspondences in both images' own pixels
     * @param note what else the caption says; empty for nothing
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(
            RgbImage source, RgbImage target, List<Correspondence> correspondences, String note, Path path)
            throws IOException {
        PictureFiles.write(draw(source, target, correspondences, note), path);
    }

    private static boolean isDoubtful(Correspondence pair) {
        return pair.confidence() < DOUBTFUL;
    }

    private static void drawLine(Canvas canvas, Correspondence pair, Color color, boolean numbered) {
        Graphics2D g = canvas.graphics;
        Line2D line = new Line2D.Double(
                canvas.leftX(pair.source().x()),
                canvas.leftY(pair.source().y()),
                canvas.rightX(pair.target().x()),
                canvas.rightY(pair.target().y()));
        float faint = isDoubtful(pair) ? FAINT : 1;
        if (numbered) {
            // a light rim keeps a line readable on a background of its own colour
            g.setComposite(AlphaComposite.SrcOver.derive(0.5f * faint));
            g.setStroke(new BasicStroke(3.6f));
            g.setColor(Color.WHITE);
            g.draw(line);
        }
        g.setComposite(AlphaComposite.SrcOver.derive((numbered ? 0.85f : 0.16f) * faint));
        g.setStroke(new BasicStroke(numbered ? 1.8f : 1f));
        g.setColor(color);
        g.draw(line);
        g.setComposite(AlphaComposite.SrcOver);
    }

    private static void drawDot(Graphics2D g, double x, double y, Color color, int number) {
        double radius = number > 0 ? 9 : 4.5;
        g.setColor(Color.WHITE);
        g.fill(new Ellipse2D.Double(x - radius - 1.5, y - radius - 1.5, 2 * radius + 3, 2 * radius + 3));
        g.setColor(color);
        g.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
        if (number > 0) {
            g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 11));
            String text = Integer.toString(number);
            g.setColor(Palette.readableOn(color.getRGB()));
            Letters.draw(
                    g, text, (float) (x - Letters.width(g, text) / 2.0), (float) (y + Letters.ascent(g) / 2.0 - 1.5));
        }
    }

    private static Color color(Correspondence pair, int i, int count, RgbImage source, boolean numbered) {
        if (numbered) {
            return Color.getHSBColor(i / (float) Math.max(count, 1), 0.85f, i % 2 == 0 ? 0.95f : 0.7f);
        }
        float x = (float) (pair.source().x() / source.width());
        float y = (float) (pair.source().y() / source.height());
        return Color.getHSBColor(0.83f * x, 0.9f, 1f - 0.55f * y);
    }

    private static String caption(List<Correspondence> all, List<Correspondence> drawn) {
        if (all.isEmpty()) {
            return "no correspondences";
        }
        double low = all.stream().mapToDouble(Correspondence::similarity).min().orElse(0);
        double high = all.stream().mapToDouble(Correspondence::similarity).max().orElse(0);
        long doubtful = drawn.stream().filter(CorrespondencePicture::isDoubtful).count();
        String some = drawn.size() < all.size() ? ", the " + drawn.size() + " most similar drawn" : "";
        return String.format(
                Locale.ROOT,
                "%d correspondence%s%s, similarity %.2f to %.2f%s",
                all.size(),
                all.size() == 1 ? "" : "s",
                some,
                low,
                high,
                doubtful == 0
                        ? ""
                        : String.format(Locale.ROOT, ", %d faint: less than %.0f%% sure", doubtful, 100 * DOUBTFUL));
    }
}
