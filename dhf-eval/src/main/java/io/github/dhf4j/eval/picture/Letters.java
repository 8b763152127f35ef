package io.github.dhf4j.eval.picture;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Text in pictures. Where Java finds no fonts, as in a bare container, pictures go without text, which is logged once:
 * what was computed is worth more than its labels.
 */
final class Letters {
    private static final Logger LOG = LoggerFactory.getLogger(Letters.class);
    private static final boolean THERE = areThere();

    private Letters() {}

    private static boolean areThere() {
        Graphics2D g = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB).createGraphics();
        try {
            g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
            g.drawString("a", 0, 8);
            return true;
        } catch (RuntimeException | LinkageError | InternalError e) {
            LOG.warn(
                    "pictures are drawn without text: Java finds no fonts ({}); install fontconfig and a font, such as by "
                            + "apt-get install fontconfig fonts-dejavu-core",
                    e.toString());
            return false;
        } finally {
            g.dispose();
        }
    }

    /** Draws in the font and colour that are set, from the left end of the base line on. */
    static void draw(Graphics2D g, String text, float x, float y) {
        if (THERE) {
            g.drawString(text, x, y);
        }
    }

    /** Pixels that a text takes in the font that is set. */
    static int width(Graphics2D g, String text) {
        return THERE ? g.getFontMetrics().stringWidth(text) : 0;
    }

    /** Pixels from the base line to the top of most letters in the font that is set. */
    static int ascent(Graphics2D g) {
        return THERE ? g.getFontMetrics().getAscent() : 0;
    }
}
