package io.github.dhf4j.eval.picture;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.PictureFiles;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Feature maps of one image in false colours, layers down and timesteps across, each in the basis of its own layer and
 * timestep.
 *
 * <p>Source: the paper's Figure 3.
 */
public final class PcaGridPicture {
    private static final int CELL = 130;
    private static final int LEFT = 80;
    private static final int TOP = 34;
    private static final int STRIP = 30;

    private PcaGridPicture() {}

    /**
     * Draws.
     *
     * @param rows maps by layer, then by timestep
     * @param rowNames such as {@code layer 5}
     * @param columnNames such as {@code s49}
     * @return a new picture
     */
    public static BufferedImage draw(List<List<DescriptorMap>> rows, List<String> rowNames, List<String> columnNames) {
        return draw(rows, rowNames, columnNames, "");
    }

    /**
     * Draws.
     *
     * @param rows maps by layer, then by timestep
     * @param rowNames such as {@code layer 5}
     * @param columnNames such as {@code s49}
     * @param note a line below; empty for none
     * @return a new picture
     */
    public static BufferedImage draw(
            List<List<DescriptorMap>> rows, List<String> rowNames, List<String> columnNames, String note) {
        BufferedImage picture = new BufferedImage(
                LEFT + columnNames.size() * CELL,
                TOP + rows.size() * CELL + (note.isEmpty() ? 0 : STRIP),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D g = Canvas.paper(picture);
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        for (int c = 0; c < columnNames.size(); c++) {
            g.setColor(Color.DARK_GRAY);
            Letters.draw(g, columnNames.get(c), LEFT + c * CELL + CELL / 2 - 14, TOP - 12);
        }
        for (int r = 0; r < rows.size(); r++) {
            g.setColor(Color.DARK_GRAY);
            Letters.draw(g, rowNames.get(r), 10, TOP + r * CELL + CELL / 2);
            for (int c = 0; c < rows.get(r).size(); c++) {
                DescriptorMap map = rows.get(r).get(c);
                g.drawImage(
                        PcaBasis.of(List.of(map)).draw(map), LEFT + c * CELL, TOP + r * CELL, CELL - 4, CELL - 4, null);
            }
        }
        Canvas.caption(g, note, 6, picture.getHeight() - 10, picture.getWidth() - 12);
        g.dispose();
        return picture;
    }

    /**
     * Draws into a file, as what its name ends in ({@link PictureFiles}).
     *
     * @param rows as for {@link #draw}
     * @param rowNames as for {@link #draw}
     * @param columnNames as for {@link #draw}
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(List<List<DescriptorMap>> rows, List<String> rowNames, List<String> columnNames, Path path)
            throws IOException {
        write(rows, rowNames, columnNames, "", path);
    }

    /**
     * Draws into a file, as what its name ends in ({@link PictureFiles}).
     *
     * @param rows as for {@link #draw}
     * @param rowNames as for {@link #draw}
     * @param columnNames as for {@link #draw}
     * @param note a line below; empty for none
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(
            List<List<DescriptorMap>> rows, List<String> rowNames, List<String> columnNames, String note, Path path)
            throws IOException {
        PictureFiles.write(draw(rows, rowNames, columnNames, note), path);
    }
}
