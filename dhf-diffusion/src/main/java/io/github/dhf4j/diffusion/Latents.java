package io.github.dhf4j.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.dhf4j.diffusion.process.GaussianNoise;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Images to a checkpoint's latents, (B, C, h, w) float32, and back. */
final class Latents {
    private final StableDiffusion checkpoint;

    Latents(StableDiffusion checkpoint) {
        this.checkpoint = checkpoint;
    }

    /** The mean of the encoder's distribution, or its sample where there is noise. */
    NDArray encode(List<RgbImage> images, Size loadSize, @Nullable NDArray noise, NDManager owner) {
        try (NDManager work = owner.newSubManager()) {
            NDArray moments = checkpoint.vae().encode(PixelTensors.of(images, loadSize, work));
            NDArray latents;
            if (noise != null) {
                requireNoise(noise, images.size());
                latents = checkpoint.vae().latentSample(moments, noise);
            } else {
                latents = checkpoint.vae().latentMean(moments);
            }
            latents.attach(owner);
            return latents;
        }
    }

    List<RgbImage> decode(NDArray latents) {
        require(latents);
        try (NDManager work = checkpoint.newManager()) {
            NDArray pixels = checkpoint.vaeDecoder().decode(latents);
            pixels.attach(work);
            return PixelTensors.images(pixels);
        }
    }

    /** The size of the images that latents are of. */
    Size sizeOf(NDArray latents) {
        int factor = checkpoint.vaeFactor();
        Shape shape = latents.getShape();
        return new Size((int) shape.get(3) * factor, (int) shape.get(2) * factor);
    }

    /** Noise of one image of the load size. */
    NDArray noise(long seed, Size loadSize, NDManager owner) {
        int factor = checkpoint.vaeFactor();
        return GaussianNoise.draw(
                owner,
                seed,
                new Shape(
                        1, checkpoint.denoiser().inChannels(), loadSize.height() / factor, loadSize.width() / factor));
    }

    /** Noise of the latents' size, the same for every image. */
    static NDArray noiseFor(NDArray latents, long seed, NDManager owner) {
        Shape shape = latents.getShape();
        return GaussianNoise.draw(owner, seed, new Shape(1, shape.get(1), shape.get(2), shape.get(3)));
    }

    void require(NDArray latents) {
        Shape shape = latents.getShape();
        int channels = checkpoint.denoiser().inChannels();
        if (shape.dimension() != 4
                || shape.get(1) != channels
                || shape.size() == 0
                || latents.getDataType() != DataType.FLOAT32) {
            throw new IllegalArgumentException(
                    "latents must be float32 (B, " + channels + ", h, w), got " + latents.getDataType() + " " + shape);
        }
    }

    static void requireNoise(NDArray noise, long batch) {
        Shape shape = noise.getShape();
        if (shape.dimension() != 4 || (shape.get(0) != 1 && shape.get(0) != batch)) {
            throw new IllegalArgumentException("noise must be (" + batch + " or 1, C, h, w), got " + shape);
        }
    }
}
