package io.github.dhf4j.cli;

import io.github.dhf4j.matching.Localizer;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where in the other image a point is taken to be. */
final class LocalizerOption {
    @Option(
            names = "--localizer",
            paramLabel = "NAME",
            converter = Converter.class,
            description = {
                "Where a point is taken to be: nearest, the pixel of the highest cosine; window[:RADIUS,TEMPERATURE], a soft arg max over a window of RADIUS map cells to each side of it (1, 0.01);",
                "geo-aware[:SHARE,TEMPERATURE], that of GeoAware-SC, over a window of SHARE of the image (0.25, 0.02);",
                "or kernel[:SIGMA,TEMPERATURE], that of MARCO, under a Gaussian of SIGMA map cells (7, 10). Default: nearest, with MARCO's adapters kernel."
            })
    Localizer localizer = Localizer.USUAL;

    /** Reads words of localizers. */
    static final class Converter implements ITypeConverter<Localizer> {
        @Override
        public Localizer convert(String word) {
            try {
                return Localizer.named(word);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
