package io.github.dhf4j.unlabelled;

import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Blocks of noise. */
final class NoisePicture {
    private NoisePicture() {}

    /** The same noise in every picture, farther to the right by so many blocks, and then mirrored or not. */
    static Path write(Path file, int pixels, int blocks, int right, boolean mirrored) throws IOException {
        byte[] rgb = new byte[3 * pixels * pixels];
        for (int y = 0; y < pixels; y++) {
            for (int x = 0; x < pixels; x++) {
                Random block =
                        new Random(1000L * Math.floorMod(x * blocks / pixels - right, blocks) + y * blocks / pixels);
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (y * pixels + x) + c] = (byte) (block.nextGaussian() * 40 + 128);
                }
            }
        }
        Files.createDirectories(file.getParent());
        RgbImage image = new RgbImage(pixels, pixels, rgb);
        PictureFiles.write((mirrored ? image.mirrored() : image).toBufferedImage(), file);
        return file;
    }
}
