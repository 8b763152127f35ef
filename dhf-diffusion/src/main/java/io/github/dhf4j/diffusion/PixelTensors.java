package io.github.dhf4j.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.diffusion.model.DiffusionOps;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.HostTensors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Pictures as the autoencoder has them, (B, 3, H, W) float32 in [-1, 1], and back. */
public final class PixelTensors {
    private PixelTensors() {}

    /**
     * Pixels for the autoencoder: each image resized as Pillow does it, then scaled to [-1, 1].
     *
     * @param images one or more
     * @param size what they are resized to
     * @param owner owns the result
     * @return (B, 3, H, W) float32
     */
    public static NDArray of(List<RgbImage> images, Size size, NDManager owner) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(Math.multiplyExact(images.size(), 3 * size.width() * size.height()));
        for (RgbImage image : images) {
            bytes.put(PillowResize.resize(image, size).samples());
        }
        try (NDArray raw = HostTensors.view(
                owner, bytes.flip(), new Shape(images.size(), size.height(), size.width(), 3), DataType.UINT8)) {
            return DiffusionOps.encodePixels(raw, owner);
        }
    }

    /**
     * Pictures of what the autoencoder decoded, the inverse of {@link #of}: [-1, 1] to 8 bits, the rest cut off.
     *
     * @param pixels (B, 3, H, W) float32; borrowed
     * @return a picture each
     */
    public static List<RgbImage> images(NDArray pixels) {
        Shape shape = pixels.getShape();
        int height = (int) shape.get(2);
        int width = (int) shape.get(3);
        float[] values = HostTensors.floats(pixels);
        List<RgbImage> images = new ArrayList<>();
        for (int b = 0; b < shape.get(0); b++) {
            byte[] rgb = new byte[3 * height * width];
            for (int i = 0; i < rgb.length; i++) {
                float value = values[(b * 3 + i % 3) * height * width + i / 3];
                rgb[i] = (byte) Math.round(255 * Math.max(0, Math.min(1, value / 2 + 0.5f)));
            }
            images.add(new RgbImage(width, height, rgb));
        }
        return images;
    }
}
