package io.github.dhf4j.eval.picture;

import io.github.dhf4j.image.PictureFiles;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The mixing weights, layers by timesteps, each with its number in percent; of several networks a panel each, in one scale of
 * colours.
 *
 * <p>Source: the paper's Figure 5.
 */
public final class MixingPicture {
    private static final int CELL_WIDTH = 62;
    private static final int CELL_HEIGHT = 40;
    private static final int LEFT = 90;
    private static final int TITLE = 24;
    private static final int HEAD = 40;
    private static final int NAME = 28;
    private static final int BOTTOM = 40;

    private MixingPicture() {}

    /**
     * The maps of one network.
     *
     * @param network its name, shown where there are several
     * @param weights shares, by save index, then by layer; those of all panels sum to 1
     * @param saveIndices names of the first
     * @param layers names of the second
     */
    public record Panel(String network, float[][] weights, List<Integer> saveIndices, List<Integer> layers) {
        private int height() {
            return HEAD + layers.size() * CELL_HEIGHT;
        }

        private int maps() {
            return saveIndices.size() * layers.size();
        }
    }

    /**
     * Draws.
     *
     * @param panels one a network
     * @return a new picture
     */
    public static BufferedImage draw(List<Panel> panels) {
        boolean named = panels.size() > 1;
        int columns = panels.stream()
                .mapToInt(panel -> panel.saveIndices().size())
                .max()
                .orElseThrow();
        int heights = panels.stream().mapToInt(Panel::height).sum();
        BufferedImage picture = new BufferedImage(
                Math.max(LEFT + columns * CELL_WIDTH + 20, 640),
                TITLE + heights + (named ? panels.size() * NAME : 0) + BOTTOM,
                BufferedImage.TYPE_INT_RGB);
        Graphics2D g = Canvas.paper(picture);
        float low = Float.POSITIVE_INFINITY;
        float high = 0;
        for (Panel panel : panels) {
            for (float[] row : panel.weights()) {
                for (float value : row) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
        }
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
        Letters.draw(g, "Mixing weights in percent: layers (down) by save index (across)", 12, TITLE);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        int top = TITLE;
        for (Panel panel : panels) {
            if (named) {
                float sum = 0;
                for (float[] row : panel.weights()) {
                    for (float value : row) {
                        sum += value;
                    }
                }
                top += NAME;
                g.setColor(Color.BLACK);
                Letters.draw(g, String.format(Locale.ROOT, "%s, %.1f of 100", panel.network(), 100 * sum), 16, top);
            }
            draw(panel, top + HEAD, low, high, g);
            top += panel.height();
        }
        g.setColor(Color.DARK_GRAY);
        Letters.draw(
                g,
                String.format(
                        Locale.ROOT,
                        "equal shares would be %.2f; the cleanest timestep of an inversion has the highest index",
                        100.0 / panels.stream().mapToInt(Panel::maps).sum()),
                12,
                picture.getHeight() - 14);
        g.dispose();
        return picture;
    }

    private static void draw(Panel panel, int top, float low, float high, Graphics2D g) {
        for (int s = 0; s < panel.saveIndices().size(); s++) {
            g.setColor(Color.DARK_GRAY);
            Letters.draw(g, "s" + panel.saveIndices().get(s), LEFT + s * CELL_WIDTH + 16, top - 10);
            for (int l = 0; l < panel.layers().size(); l++) {
                float value = panel.weights()[s][l];
                int rgb = Palette.viridis((value - low) / Math.max(high - low, 1e-9f));
                g.setColor(new Color(rgb));
                g.fillRect(LEFT + s * CELL_WIDTH, top + l * CELL_HEIGHT, CELL_WIDTH - 1, CELL_HEIGHT - 1);
                g.setColor(Palette.readableOn(rgb));
                Letters.draw(
                        g,
                        String.format(Locale.ROOT, "%.2f", 100 * value),
                        LEFT + s * CELL_WIDTH + 15,
                        top + l * CELL_HEIGHT + 25);
            }
        }
        g.setColor(Color.DARK_GRAY);
        for (int l = 0; l < panel.layers().size(); l++) {
            Letters.draw(g, "layer " + panel.layers().get(l), 16, top + l * CELL_HEIGHT + 25);
        }
    }

    /**
     * Draws into a file, as what its name ends in ({@link PictureFiles}).
     *
     * @param panels as for {@link #draw}
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(List<Panel> panels, Path path) throws IOException {
        PictureFiles.write(draw(panels), path);
    }
}
