package io.github.dhf4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadUpdateListener;
import javax.imageio.event.IIOReadWarningListener;
import org.jspecify.annotations.Nullable;

/**
 * A picture by one of the JDK's readers. They give pictures that are cut short or damaged with pixels made up, and say
 * so in a warning at most: here that is an error.
 */
final class JdkImage implements ImageDecoder.Source {
    /** Other warnings tell of odd but harmless files: profiles, revisions, bytes between the parts of a file. */
    private static final Pattern MADE_UP =
            Pattern.compile("missing eoi|premature|bad huffman|instead of rst|progression sequence");

    private final ImageReader reader;
    private final Size size;
    private final @Nullable JpegColors colors;

    private JdkImage(ImageReader reader, @Nullable JpegColors colors) throws IOException {
        this.reader = reader;
        this.colors = colors;
        this.size = new Size(reader.getWidth(0), reader.getHeight(0));
    }

    static JdkImage open(ImageFormat format, byte[] file) throws IOException {
        ImageReader reader = JdkPlugins.reader(format);
        try {
            reader.setInput(new BytesInput(file), true, true);
            return new JdkImage(reader, format == ImageFormat.JPEG ? JpegColors.of(file) : null);
        } catch (IOException | RuntimeException e) {
            reader.dispose();
            throw e;
        }
    }

    @Override
    public Size size() {
        return size;
    }

    @Override
    public RgbImage pixels() throws IOException {
        Watch watch = new Watch();
        reader.addIIOReadWarningListener(watch);
        if (colors != null) {
            Raster raster = reader.readRaster(0, null);
            watch.requireNoWarning();
            return colors.toRgb(raster);
        }
        return BufferedPixels.toRgb(picture(watch));
    }

    /** The one sample that each pixel has in the file: its place in the palette, or its grey. */
    byte[] samples() throws IOException {
        Watch watch = new Watch();
        reader.addIIOReadWarningListener(watch);
        Raster raster = picture(watch).getRaster();
        if (raster.getNumBands() != 1 || raster.getSampleModel().getSampleSize(0) > 8) {
            throw new IOException("unsupported: " + raster.getNumBands() + " samples a pixel of "
                    + raster.getSampleModel().getSampleSize(0) + " bits, where one of at most 8 is meant");
        }
        int[] all = raster.getSamples(0, 0, size.width(), size.height(), 0, (int[]) null);
        byte[] samples = new byte[all.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) all[i];
        }
        return samples;
    }

    private BufferedImage picture(Watch watch) throws IOException {
        reader.addIIOReadUpdateListener(watch);
        BufferedImage image = reader.read(0);
        watch.requireNoWarning();
        if (watch.rows < size.height()) {
            throw new IOException(watch.rows + " of " + size.height() + " rows");
        }
        return image;
    }

    @Override
    public void close() {
        reader.dispose();
    }

    /** What a reader says while it reads: rows come once, or once a pass. */
    private static final class Watch implements IIOReadWarningListener, IIOReadUpdateListener {
        private @Nullable String warning;
        private long rows;

        void requireNoWarning() throws IOException {
            if (warning != null) {
                throw new IOException("pixels only in part: " + warning);
            }
        }

        @Override
        public void warningOccurred(ImageReader source, String text) {
            if (warning == null
                    && MADE_UP.matcher(text.toLowerCase(Locale.ROOT)).find()) {
                warning = text;
            }
        }

        @Override
        public void imageUpdate(
                ImageReader source,
                BufferedImage image,
                int minX,
                int minY,
                int width,
                int height,
                int periodX,
                int periodY,
                int[] bands) {
            rows += height;
        }

        @Override
        public void passStarted(
                ImageReader source,
                BufferedImage image,
                int pass,
                int minPass,
                int maxPass,
                int minX,
                int minY,
                int periodX,
                int periodY,
                int[] bands) {}

        @Override
        public void passComplete(ImageReader source, BufferedImage image) {}

        @Override
        public void thumbnailPassStarted(
                ImageReader source,
                BufferedImage thumbnail,
                int pass,
                int minPass,
                int maxPass,
                int minX,
                int minY,
                int periodX,
                int periodY,
                int[] bands) {}

        @Override
        public void thumbnailUpdate(
                ImageReader source,
                BufferedImage thumbnail,
                int minX,
                int minY,
                int width,
                int height,
                int periodX,
                int periodY,
                int[] bands) {}

        @Override
        public void thumbnailPassComplete(ImageReader source, BufferedImage thumbnail) {}
    }
}
