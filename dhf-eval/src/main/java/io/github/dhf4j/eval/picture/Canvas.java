package io.github.dhf4j.eval.picture;

import io.github.dhf4j.image.RgbImage;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;

/** Two images side by side at one height, a strip of text below, and where their pixels are. */
final class Canvas {
    private static final int MIN_HEIGHT = 420;
    private static final int MAX_HEIGHT = 900;
    private static final int MAX_PANEL_WIDTH = 1100;
    private static final int GAP = 12;
    private static final int STRIP = 34;

    final BufferedImage picture;
    final Graphics2D graphics;
    final int height;
    final int leftWidth;
    final int rightWidth;
    private final RgbImage left;
    private final RgbImage right;

    Canvas(RgbImage left, RgbImage right) {
        this.left = left;
        this.right = right;
        int wanted = Math.max(MIN_HEIGHT, Math.min(MAX_HEIGHT, Math.max(left.height(), right.height())));
        double widest = Math.max((double) left.width() / left.height(), (double) right.width() / right.height());
        height = (int) Math.max(60, Math.min(wanted, MAX_PANEL_WIDTH / widest));
        leftWidth = panelWidth(left);
        rightWidth = panelWidth(right);
        picture = new BufferedImage(leftWidth + GAP + rightWidth, height + STRIP, BufferedImage.TYPE_INT_RGB);
        graphics = paper(picture);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.drawImage(left.toBufferedImage(), 0, 0, leftWidth, height, null);
        graphics.drawImage(right.toBufferedImage(), rightX(), 0, rightWidth, height, null);
    }

    private int panelWidth(RgbImage image) {
        return Math.max(1, Math.min(MAX_PANEL_WIDTH, (int)
                Math.round((double) image.width() * height / image.height())));
    }

    int rightX() {
        return leftWidth + GAP;
    }

    double leftX(double x) {
        return x * leftWidth / left.width();
    }

    double leftY(double y) {
        return y * height / left.height();
    }

    double rightX(double x) {
        return rightX() + x * rightWidth / right.width();
    }

    double rightY(double y) {
        return y * height / right.height();
    }

    /** A line below the images, the note behind it. */
    void caption(String text, String note) {
        caption(graphics, note.isEmpty() ? text : text + "; " + note, 6, height + STRIP - 12, picture.getWidth() - 12);
    }

    /** A line of dashes. */
    static BasicStroke dashed(float width) {
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {6, 4}, 0);
    }

    /** Begins a path, or draws a straight line to a place. */
    static void extend(Path2D path, double x, double y) {
        if (path.getCurrentPoint() == null) {
            path.moveTo(x, y);
        } else {
            path.lineTo(x, y);
        }
    }

    /** Text in letters of 15 points, or as small as it must be to fit. */
    static void caption(Graphics2D graphics, String text, int x, int y, int width) {
        graphics.setColor(Color.DARK_GRAY);
        float size = 15;
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
        while (size > 7 && Letters.width(graphics, text) > width) {
            size -= 0.5f;
            graphics.setFont(graphics.getFont().deriveFont(size));
        }
        Letters.draw(graphics, text, x, y);
    }

    BufferedImage finish() {
        graphics.dispose();
        return picture;
    }

    /** White all over, with smooth letters; what else is drawn smoothly the caller says. */
    static Graphics2D paper(BufferedImage picture) {
        Graphics2D graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        return graphics;
    }
}
