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
 * The mixing weights, layers by timesteps, each with its number in percent.
 *
 * <p>Source: the paper's Figure 5.
 */
public final class MixingPicture {
    private static final int CELL_WIDTH = 62;
    private static final int CELL_HEIGHT = 40;
    private static final int LEFT = 90;
    private static final int TOP = 64;
    private static final int BOTTOM = 40;

    private MixingPicture() {}

    /**
     * Draws.
     *
     * @param weights shares that sum to 1, by save index, then by layer
     * @param saveIndices names of the first
     * @param layers names of the second
     * @return a new picture
     */
    public static BufferedImage draw(float[][] weights, List<Integer> saveIndices, List<Integer> layers) {
        int width = Math.max(LEFT + saveIndices.size() * CELL_WIDTH + 20, 560);
        BufferedImage picture =
                new BufferedImage(width, TOP + layers.size() * CELL_HEIGHT + BOTTOM, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = Canvas.paper(picture);
        float low = Float.POSITIVE_INFINITY;
        float high = 0;
        for (float[] row : weights) {
            for (float value : row) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
        g.drawString("Mixing weights in percent: layers (down) by save index (across)", 12, 24);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        for (int s = 0; s < saveIndices.size(); s++) {
            g.setColor(Color.DARK_GRAY);
            g.drawString("s" + saveIndices.get(s), LEFT + s * CELL_WIDTH + 16, TOP - 10);
            for (int l = 0; l < layers.size(); l++) {
                float value = weights[s][l];
                int rgb = Palette.viridis((value - low) / Math.max(high - low, 1e-9f));
                g.setColor(new Color(rgb));
                g.fillRect(LEFT + s * CELL_WIDTH, TOP + l * CELL_HEIGHT, CELL_WIDTH - 1, CELL_HEIGHT - 1);
                g.setColor(Palette.readableOn(rgb));
                g.drawString(
                        String.format(Locale.ROOT, "%.2f", 100 * value),
                        LEFT + s * CELL_WIDTH + 15,
                        TOP + l * CELL_HEIGHT + 25);
            }
        }
        g.setColor(Color.DARK_GRAY);
        for (int l = 0; l < layers.size(); l++) {
            g.drawString("layer " + layers.get(l), 16, TOP + l * CELL_HEIGHT + 25);
        }
        g.drawString(
                String.format(
                        Locale.ROOT,
                        "equal shares would be %.2f; the cleanest timestep of an inversion has the highest index",
                        100.0 / (saveIndices.size() * layers.size())),
                12,
                picture.getHeight() - 14);
        g.dispose();
        return picture;
    }

    /**
     * Draws into a file, as what its name ends in ({@link PictureFiles}).
     *
     * @param weights as for {@link #draw}
     * @param saveIndices as for {@link #draw}
     * @param layers as for {@link #draw}
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(float[][] weights, List<Integer> saveIndices, List<Integer> layers, Path path)
            throws IOException {
        PictureFiles.write(draw(weights, saveIndices, layers), path);
    }
}
