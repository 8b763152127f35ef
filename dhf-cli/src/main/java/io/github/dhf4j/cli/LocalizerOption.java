package io.github.dhf4j.cli;

import io.github.dhf4j.matching.Localizer;
import io.github.dhf4j.matching.WindowSoftArgMax;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where in the other image a point is taken to be. */
final class LocalizerOption {
    @Option(
            names = "--localizer",
            paramLabel = "NAME",
            converter = Converter.class,
            description =
                    "Where a point is taken to be: nearest, the pixel of the highest cosine; or window[:RADIUS,TEMPERATURE], a soft arg max over a window of RADIUS map cells to each side of it (1, 0.01). Default: ${DEFAULT-VALUE}.",
            defaultValue = "nearest")
    Localizer localizer = Localizer.NEAREST;

    /** Localizers by the words that they have themselves. */
    static final class Converter implements ITypeConverter<Localizer> {
        @Override
        public Localizer convert(String text) {
            if (text.equals("nearest")) {
                return Localizer.NEAREST;
            }
            if (text.equals("window")) {
                return WindowSoftArgMax.ONE_CELL;
            }
            try {
                if (text.startsWith("window:")) {
                    String[] numbers = text.substring("window:".length()).split(",", -1);
                    if (numbers.length == 2) {
                        return new WindowSoftArgMax(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
                    }
                }
            } catch (NumberFormatException e) {
                // said below
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
            throw new TypeConversionException(
                    "localizer must be nearest, window or window:RADIUS,TEMPERATURE, got '" + text + "'");
        }
    }
}
