package io.github.dhf4j.eval.annotation;

import com.google.gson.JsonObject;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Folders;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads masks: a PNG a picture, of the same name, black where there is nothing, each other colour a category. What colours
 * mean says {@value #NAMES} beside them; without it one colour is an object, and several are called by themselves.
 */
final class MaskPictures {
    static final String NAMES = "labels.json";

    private static final int MOST_COLOURS = 255;

    private MaskPictures() {}

    static void read(List<Path> masks, Path namesFile, LabelCollector collector) throws IOException {
        Map<String, String> names = names(namesFile);
        Map<String, Path> pictures = new HashMap<>();
        for (Path root : collector.roots()) {
            if (Files.isDirectory(root)) {
                Folders.list(root).stream()
                        .filter(file -> !masks.contains(file))
                        .forEach(file -> pictures.putIfAbsent(Texts.stem(file), file));
            }
        }
        for (Path file : masks) {
            @Nullable Path picture = pictures.get(Texts.stem(file));
            if (picture == null) {
                collector.remark("masks without a picture of their name left out", String.valueOf(file.getFileName()));
                continue;
            }
            try {
                RgbImage mask = RgbImage.read(file);
                Size size = collector.size(picture, mask.size());
                if (size != null) {
                    collector.addPicture(picture);
                    add(mask, names, picture, collector);
                }
            } catch (IOException e) {
                collector.remark("broken masks left out", Texts.reason(e));
            }
        }
    }

    private static void add(RgbImage image, Map<String, String> names, Path picture, LabelCollector collector) {
        Map<Integer, BitSet> colours = new LinkedHashMap<>();
        byte[] samples = image.samples();
        for (int i = 0; i < samples.length / 3; i++) {
            int rgb = (samples[3 * i] & 0xff) << 16 | (samples[3 * i + 1] & 0xff) << 8 | (samples[3 * i + 2] & 0xff);
            if (rgb != 0) {
                colours.computeIfAbsent(rgb, key -> new BitSet()).set(i);
            }
            if (colours.size() > MOST_COLOURS) {
                collector.remark(
                        "masks of more than " + MOST_COLOURS + " colours left out",
                        String.valueOf(picture.getFileName()));
                return;
            }
        }
        colours.forEach((rgb, bits) -> {
            String colour = String.format(Locale.ROOT, "#%06x", rgb);
            String name = names.getOrDefault(colour, colours.size() == 1 ? LabelMe.UNNAMED : colour);
            Annotation area = Annotation.of(name, Map.of(), null).withMask(new Mask(image.size(), bits));
            collector.add(picture, image.size(), area, "mask of " + picture.getFileName());
        });
    }

    /** Names by colour. */
    private static Map<String, String> names(Path file) throws IOException {
        Map<String, String> names = new HashMap<>();
        if (Files.isRegularFile(file)) {
            JsonObject object = Json.readObject(file);
            try {
                for (String name : object.keySet()) {
                    names.put(new Fields(object).text(name).toLowerCase(Locale.ROOT), name);
                }
            } catch (IllegalArgumentException e) {
                throw new IOException(
                        e.getMessage() + " (" + file + "); it holds a colour such as \"#ff0000\" a name", e);
            }
        }
        return names;
    }
}
