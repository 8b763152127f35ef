package io.github.dhf4j.backbones;

import io.github.dhf4j.feature.ExtractionProcess;
import io.github.dhf4j.feature.Forward;
import io.github.dhf4j.image.Size;

/** The part of a network's picture that an image fills, from the upper left. */
final class PictureFrame {
    private PictureFrame() {}

    /** All of it, or of what is padded with its longest side alone, so that the image keeps its shape. */
    static Size of(Size image, Size picture, ExtractionProcess process) {
        if (!(process instanceof Forward forward && forward.padded())) {
            return picture;
        }
        double scale = Math.min((double) picture.width() / image.width(), (double) picture.height() / image.height());
        return new Size(side(image.width() * scale), side(image.height() * scale));
    }

    /** Rounded half to even, as Python does it. */
    private static int side(double pixels) {
        return (int) Math.max(1, Math.rint(pixels));
    }
}
