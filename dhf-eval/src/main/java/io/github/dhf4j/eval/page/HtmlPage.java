package io.github.dhf4j.eval.page;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.eval.picture.PcaBasis;
import io.github.dhf4j.feature.ConfidenceModel;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.AtomicFiles;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.matching.Point;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A page in which one points at a place of a picture and sees where it is in the others. It holds pictures and descriptors
 * and is opened from the file: no server, no network, nothing else is loaded. It matches as {@link
 * io.github.dhf4j.matching.CosineMatcher} does at the nearest pixel, with descriptors in a byte a number: 1.6 MB an image of
 * 64 x 64 cells of 384 numbers, a third more in the file, and its picture. Confidence is that of the first map's calibration.
 *
 * @param title over the page
 * @param note a line below, such as what the descriptors are not for; empty for none
 * @param pictures two or more
 * @param maps one or more kinds of descriptors of them; the first is shown first
 * @param pins points that are pinned from the start
 */
public record HtmlPage(String title, String note, List<Picture> pictures, List<Maps> maps, List<Pin> pins) {
    private static final int LONGEST_SIDE = 1024;

    /**
     * A picture.
     *
     * @param name below which it is shown
     * @param image in the pixels in which points are given; embedded with 1024 on its longer side at most
     */
    public record Picture(String name, RgbImage image) {}

    /**
     * One kind of descriptors.
     *
     * @param name in the choice of kinds, such as "all maps" or "layer 5 at save index 40"
     * @param of a map a picture, of one kind
     */
    public record Maps(String name, List<DescriptorMap> of) {
        /**
         * Copies the list, and makes maps smaller that a page could not carry.
         *
         * @param name as above
         * @param of as above
         */
        public Maps {
            of = of.stream().map(PageMap::of).toList();
        }
    }

    /**
     * A pinned point.
     *
     * @param picture its place in the list, 0 first
     * @param point in that picture's pixels
     */
    public record Pin(int picture, Point point) {}

    /**
     * Checks that everything fits.
     *
     * @param title as above
     * @param note as above
     * @param pictures as above
     * @param maps as above
     * @param pins as above
     * @throws IllegalArgumentException if it does not
     */
    public HtmlPage {
        pictures = List.copyOf(pictures);
        maps = List.copyOf(maps);
        pins = List.copyOf(pins);
        if (pictures.size() < 2 || maps.isEmpty()) {
            throw new IllegalArgumentException("a page must have two pictures or more and maps of them, got "
                    + pictures.size() + " pictures and " + maps.size() + " kinds of maps");
        }
        for (Maps kind : maps) {
            if (kind.of().size() != pictures.size()) {
                throw new IllegalArgumentException("maps must be one a picture, got "
                        + kind.of().size() + " of '" + kind.name() + "' for " + pictures.size() + " pictures");
            }
            for (int i = 0; i < pictures.size(); i++) {
                kind.of().get(0).requireComparable(kind.of().get(i));
                if (!kind.of().get(i).imageSize().equals(pictures.get(i).image().size())) {
                    throw new IllegalArgumentException("descriptors must be of the picture beside them, got "
                            + kind.of().get(i) + " for '" + pictures.get(i).name() + "' of "
                            + pictures.get(i).image().size());
                }
            }
        }
        for (Pin pin : pins) {
            pin.point().requireWithin(pictures.get(pin.picture()).image().size());
        }
    }

    /**
     * Writes a page of pictures and their descriptors.
     *
     * @param title over the page
     * @param pictures two or more
     * @param of a map a picture, of one kind
     * @param path the file to be, .html
     * @throws IOException if it cannot be written; what was there before is left
     * @throws IllegalArgumentException if maps and pictures do not fit
     */
    public static void write(String title, List<Picture> pictures, List<DescriptorMap> of, Path path)
            throws IOException {
        new HtmlPage(title, "", pictures, List.of(new Maps("descriptors", of)), List.of()).write(path);
    }

    /**
     * Writes the page.
     *
     * @param path the file to be, .html
     * @throws IOException if it cannot be written; what was there before is left
     */
    public void write(Path path) throws IOException {
        String html = fill(
                resource("page.html"),
                Map.of(
                        "title", escape(title),
                        "note", escape(note),
                        "style", resource("page.css"),
                        "matching", resource("matching.js"),
                        "page", resource("page.js"),
                        "data", new Gson().toJson(data())));
        AtomicFiles.write(path, temporary -> Files.writeString(temporary, html));
    }

    private JsonObject data() throws IOException {
        JsonArray shown = new JsonArray();
        for (Picture picture : pictures) {
            JsonObject json = new JsonObject();
            json.addProperty("name", picture.name());
            json.addProperty("width", picture.image().width());
            json.addProperty("height", picture.image().height());
            json.addProperty("picture", embedded(picture.image()));
            shown.add(json);
        }
        JsonArray kinds = new JsonArray();
        maps.forEach(kind -> kinds.add(json(kind)));
        JsonArray pinned = new JsonArray();
        pins.forEach(pin -> pinned.add(Json.array(
                List.of((double) pin.picture(), pin.point().x(), pin.point().y()))));
        JsonObject data = new JsonObject();
        data.add("pictures", shown);
        data.add("maps", kinds);
        data.add("pinned", pinned);
        return data;
    }

    private static JsonObject json(Maps kind) {
        JsonArray of = new JsonArray();
        PcaBasis basis = kind.of().get(0).channels() < 3 ? null : PcaBasis.of(kind.of());
        for (DescriptorMap map : kind.of()) {
            JsonObject json = PackedMap.of(map).toJson();
            if (basis != null) {
                json.addProperty("colours", PackedMap.base64(rgb(basis.draw(map))));
            }
            of.add(json);
        }
        JsonObject json = new JsonObject();
        json.addProperty("name", kind.name());
        json.addProperty("channels", kind.of().get(0).channels());
        ConfidenceModel model = ConfidenceModel.orDefault(kind.of().get(0).confidence());
        json.add("confidence", Json.array(model.right()));
        json.add("of", of);
        return json;
    }

    private static byte[] rgb(BufferedImage image) {
        byte[] bytes = new byte[3 * image.getWidth() * image.getHeight()];
        for (int y = 0, i = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int rgb = image.getRGB(x, y);
                bytes[i++] = (byte) (rgb >> 16);
                bytes[i++] = (byte) (rgb >> 8);
                bytes[i++] = (byte) rgb;
            }
        }
        return bytes;
    }

    /** As a data URL. */
    private static String embedded(RgbImage image) throws IOException {
        BufferedImage shown = image.toBufferedImage();
        int longest = Math.max(image.width(), image.height());
        if (longest > LONGEST_SIDE) {
            int width = Math.max(1, image.width() * LONGEST_SIDE / longest);
            int height = Math.max(1, image.height() * LONGEST_SIDE / longest);
            BufferedImage smaller = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            Graphics2D g = smaller.createGraphics();
            g.drawImage(shown.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING), 0, 0, null);
            g.dispose();
            shown = smaller;
        }
        byte[] png = PictureFiles.png(shown);
        byte[] jpeg = PictureFiles.jpeg(shown);
        return png.length <= jpeg.length
                ? "data:image/png;base64," + PackedMap.base64(png)
                : "data:image/jpeg;base64," + PackedMap.base64(jpeg);
    }

    private static String resource(String name) throws IOException {
        try (InputStream stream = HtmlPage.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("resource must be in the jar, got none of '" + name + "'");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Parts are taken as they are: what looks like a place in them is none. */
    private static String fill(String template, Map<String, String> parts) {
        StringBuilder filled = new StringBuilder();
        int from = 0;
        for (int at = template.indexOf("${"); at >= 0; at = template.indexOf("${", from)) {
            int end = template.indexOf('}', at);
            filled.append(template, from, at).append(parts.get(template.substring(at + 2, end)));
            from = end + 1;
        }
        return filled.append(template.substring(from)).toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
