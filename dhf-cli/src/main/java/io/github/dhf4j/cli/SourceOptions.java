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
import picocli.CommandLine.TypeConversionException;

/** What goes in: images, or latents of other software. */
final class SourceOptions {
    @Parameters(
            arity = "0..*",
            paramLabel = "IMAGE",
            converter = ImagePattern.Converter.class,
            description =
                    "Images: PNG, JPEG, GIF, BMP or PPM; a folder for those in it; a pattern in quotes, such as 'photos/**/*.jpg'. Several are one batch.")
    private List<ImagePattern> given = new ArrayList<>();

    /** The files of all that is given, once that is checked. */
    List<Path> images = List.of();

    @Option(
            names = "--latents",
            paramLabel = "FILE[:TENSOR]",
            converter = TensorRef.Converter.class,
            description =
                    "Latents (B, C, h, w) as the UNet has them instead of images; the starting noise for generation.")
    @Nullable
    TensorRef latents;

    void check(CommandLine command, boolean mayBeEmpty) throws IOException {
        if (given.isEmpty() && latents == null && !mayBeEmpty) {
            throw new ParameterException(command, "images or --latents must be given, got neither");
        }
        if (!given.isEmpty() && latents != null) {
            throw new ParameterException(command, "one of images and --latents must be given, got both");
        }
        List<Path> files = new ArrayList<>();
        for (ImagePattern pattern : given) {
            try {
                files.addAll(pattern.files());
            } catch (TypeConversionException e) {
                throw new ParameterException(command, String.valueOf(e.getMessage()), e);
            }
        }
        images = List.copyOf(files);
    }

    List<RgbImage> read() throws IOException {
        List<RgbImage> pictures = new ArrayList<>();
        for (Path image : images) {
            pictures.add(RgbImage.read(image));
        }
        return pictures;
    }
}
