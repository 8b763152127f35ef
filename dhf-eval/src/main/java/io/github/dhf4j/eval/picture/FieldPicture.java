package io.github.dhf4j.eval.picture;

import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.DenseField;
import io.github.dhf4j.matching.Point;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A dense field drawn: where each place of the first image goes ({@link Form#PLACES}), or the second image's pixels brought there
 * ({@link Form#WARP}, {@link Form#SWAP}).
 */
public final class FieldPicture {
    /** What is drawn. */
    public enum Form {
        /**
         * Both images under colours: each place of the second has one, and each place of the first has that of where it goes.
         * What is doubtful is pale.
         */
        PLACES,
        /** The first image, and beside it the second's pixels where the first's places went; what is doubtful is grey. */
        WARP,
        /** The first image, and beside it the same with the second's pixels where the field is sure. */
        SWAP
    }

    private static final int FINEST = 512;
    private static final double TINT = 0.7;
    private static final double PALE = 0.12;

    private FieldPicture() {}

    /**
     * Draws.
     *
     * @param form what
     * @param source the first image
     * @param target the second image
     * @param field of the two
     * @param note what else the caption says; empty for nothing
     * @return a new picture
     */
    public static BufferedImage draw(Form form, RgbImage source, RgbImage target, DenseField field, String note) {
        if (form == Form.PLACES) {
            Canvas canvas = new Canvas(places(source, field), colours(target));
            canvas.caption("left: where each place goes, by the colours of the right; pale where it is doubtful", note);
            return canvas.finish();
        }
        Canvas canvas = new Canvas(source, brought(form, source, target, field));
        canvas.caption(
                form == Form.WARP
                        ? "right: the second image's pixels where the first's places go; grey where that is doubtful"
                        : "right: the first image with the second's pixels where the field is sure",
                note);
        return canvas.finish();
    }

    /**
     * Draws into a file, as what its name ends in ({@link PictureFiles}).
     *
     * @param form what
     * @param source the first image
     * @param target the second image
     * @param field of the two
     * @param note what else the caption says; empty for nothing
     * @param path the file to be
     * @throws IOException if it cannot be written; what was there before is left
     */
    public static void write(Form form, RgbImage source, RgbImage target, DenseField field, String note, Path path)
            throws IOException {
        PictureFiles.write(draw(form, source, target, field, note), path);
    }

    /** The second image's pixels in the form of the first, at most {@value #FINEST} a side. */
    private static RgbImage brought(Form form, RgbImage source, RgbImage target, DenseField field) {
        return painted(source, (at, own) -> {
            double sure = field.confidenceAt(at);
            int there = pixel(target, field.at(at));
            if (form == Form.SWAP) {
                // a soft border about one half, so that cells do not show
                return mixed(own, there, Math.max(0, Math.min(1, 2 * sure - 0.5)));
            }
            return mixed(grey(there), there, sure);
        });
    }

    private static RgbImage places(RgbImage source, DenseField field) {
        Size there = field.targetSize();
        return painted(source, (at, own) -> {
            double sure = field.confidenceAt(at);
            return mixed(grey(own), colour(field.at(at), there), PALE + (TINT - PALE) * sure);
        });
    }

    private static RgbImage colours(RgbImage target) {
        return painted(target, (at, own) -> mixed(grey(own), colour(at, target.size()), TINT));
    }

    /** How light a colour is, with less contrast and a little lighter. */
    private static int grey(int rgb) {
        int light = (red(rgb) + green(rgb) + blue(rgb)) / 3 / 2 + 96;
        return rgb(light, light, light);
    }

    /** What a pixel becomes, by its place and its colour. */
    @FunctionalInterface
    private interface Paint {
        int at(Point place, int own);
    }

    private static RgbImage painted(RgbImage image, Paint paint) {
        double shrink = Math.max(1, (double) image.size().longerSide() / FINEST);
        int width = (int) Math.max(1, Math.round(image.width() / shrink));
        int height = (int) Math.max(1, Math.round(image.height() / shrink));
        byte[] samples = new byte[3 * width * height];
        for (int y = 0, i = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                Point at = new Point((double) x * image.width() / width, (double) y * image.height() / height);
                int rgb = paint.at(at, pixel(image, at));
                samples[i++] = (byte) red(rgb);
                samples[i++] = (byte) green(rgb);
                samples[i++] = (byte) blue(rgb);
            }
        }
        return new RgbImage(width, height, samples);
    }

    /** A colour for each place: blue to red across, dark to light down. */
    private static int colour(Point place, Size size) {
        double x = Math.max(0, Math.min(1, place.x() / size.width()));
        double y = Math.max(0, Math.min(1, place.y() / size.height()));
        return Color.HSBtoRGB((float) (0.83 * x), (float) (1 - 0.55 * y), (float) (0.45 + 0.55 * y));
    }

    /** Between the four pixels about a place, whose centres have whole coordinates. */
    private static int pixel(RgbImage image, Point at) {
        double x = Math.max(0, Math.min(image.width() - 1, at.x()));
        double y = Math.max(0, Math.min(image.height() - 1, at.y()));
        int left = (int) x;
        int top = (int) y;
        int right = Math.min(left + 1, image.width() - 1);
        int bottom = Math.min(top + 1, image.height() - 1);
        int upper = mixed(whole(image, left, top), whole(image, right, top), x - left);
        int lower = mixed(whole(image, left, bottom), whole(image, right, bottom), x - left);
        return mixed(upper, lower, y - top);
    }

    private static int whole(RgbImage image, int x, int y) {
        byte[] samples = image.samples();
        int i = 3 * (y * image.width() + x);
        return rgb(samples[i] & 0xff, samples[i + 1] & 0xff, samples[i + 2] & 0xff);
    }

    private static int mixed(int a, int b, double share) {
        return rgb(
                (int) Math.round(red(a) + (red(b) - red(a)) * share),
                (int) Math.round(green(a) + (green(b) - green(a)) * share),
                (int) Math.round(blue(a) + (blue(b) - blue(a)) * share));
    }

    private static int rgb(int red, int green, int blue) {
        return red << 16 | green << 8 | blue;
    }

    private static int red(int rgb) {
        return rgb >> 16 & 0xff;
    }

    private static int green(int rgb) {
        return rgb >> 8 & 0xff;
    }

    private static int blue(int rgb) {
        return rgb & 0xff;
    }
}
