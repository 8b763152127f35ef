package io.github.dhf4j.eval.annotation;

import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.image.VocPalette;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes masks: a PNG a picture with a palette, 0 for nothing and the category's number elsewhere, in the colours of
 * Pascal VOC. Boxes and points alone have no pixels; where things overlap the later is in front.
 */
final class MaskPicturesWriter {
    private MaskPicturesWriter() {}

    static void write(LabelledSource images, Vocabulary words, Path root, Path out) throws IOException {
        List<String> categories = words.categories();
        if (categories.size() > 255) {
            throw new IOException("masks must be of 255 categories at most, got " + categories.size() + " (" + out
                    + "); write another form");
        }
        Files.createDirectories(out);
        JsonStream.write(out.resolve(MaskPictures.NAMES), json -> {
            json.setIndent("  ");
            json.beginObject();
            for (int i = 0; i < categories.size(); i++) {
                json.name(categories.get(i)).value(String.format(Locale.ROOT, "#%06x", VocPalette.colour(i + 1)));
            }
            json.endObject();
        });
        OutputFiles files = new OutputFiles(root, out, ".png");
        IndexColorModel palette = VocPalette.colourModel();
        images.forEach(image -> {
            Size size = image.size();
            BufferedImage picture =
                    new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_BYTE_INDEXED, palette);
            for (Annotation annotation : image.annotations()) {
                @Nullable Mask area = annotation.area(size);
                if (area != null) {
                    int number = categories.indexOf(annotation.category()) + 1;
                    area.bits().stream()
                            .forEach(i -> picture.getRaster().setSample(i % size.width(), i / size.width(), 0, number));
                }
            }
            PictureFiles.write(picture, files.of(image));
        });
    }
}
