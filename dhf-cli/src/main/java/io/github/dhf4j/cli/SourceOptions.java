package io.github.dhf4j.cli;

import io.github.dhf4j.image.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** What goes in: images, or latents of other software. */
final class SourceOptions {
    @Parameters(
            arity = "0..*",
            paramLabel = "IMAGE",
            description = "Images: PNG, JPEG, GIF or BMP; several are one batch.")
    List<Path> images = new ArrayList<>();

    @Option(
            names = "--latents",
            paramLabel = "FILE[:TENSOR]",
            converter = TensorRef.Converter.class,
            description =
                    "Latents (B, C, h, w) as the UNet has them instead of images; the starting noise for generation.")
    @Nullable
    TensorRef latents;

    void check(CommandLine command, boolean mayBeEmpty) {
        if (images.isEmpty() && latents == null && !mayBeEmpty) {
            throw new ParameterException(command, "images or --latents must be given, got neither");
        }
        if (!images.isEmpty() && latents != null) {
            throw new ParameterException(command, "one of images and --latents must be given, got both");
        }
    }

    List<RgbImage> read() throws IOException {
        List<RgbImage> pictures = new ArrayList<>();
        for (Path image : images) {
            pictures.add(RgbImage.read(image));
        }
        return pictures;
    }
}
