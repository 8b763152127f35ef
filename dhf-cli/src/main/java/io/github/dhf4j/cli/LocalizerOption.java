package io.github.dhf4j.cli;

import io.github.dhf4j.matching.GeoAwareSoftArgMax;
import io.github.dhf4j.matching.KernelSoftArgMax;
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
            description = {
                "Where a point is taken to be: nearest, the pixel of the highest cosine; window[:RADIUS,TEMPERATURE], a soft arg max over a window of RADIUS map cells to each side of it (1, 0.01);",
                "geo-aware[:SHARE,TEMPERATURE], that of GeoAware-SC, over a window of SHARE of the image (0.25, 0.02);",
                "or kernel[:SIGMA,TEMPERATURE], that of MARCO, under a Gaussian of SIGMA map cells (7, 10). Default: nearest, with MARCO's adapters kernel."
            })
    Localizer localizer = Localizer.USUAL;

    /** Localizers by the words that they have themselves. */
    static final class Converter implements ITypeConverter<Localizer> {
        @FunctionalInterface
        private interface Maker {
            Localizer of(double first, double second);
        }

        @Override
        public Localizer convert(String text) {
            int colon = text.indexOf(':');
            double[] numbers = colon < 0 ? new double[0] : numbers(text, text.substring(colon + 1));
            return switch (colon < 0 ? text : text.substring(0, colon)) {
                case "nearest" -> {
                    if (colon >= 0) {
                        throw unknown(text);
                    }
                    yield Localizer.NEAREST;
                }
                case "window" -> of(WindowSoftArgMax.ONE_CELL, WindowSoftArgMax::new, numbers);
                case "geo-aware" -> of(GeoAwareSoftArgMax.PAPER, GeoAwareSoftArgMax::new, numbers);
                case "kernel" -> of(KernelSoftArgMax.MARCO, KernelSoftArgMax::new, numbers);
                default -> throw unknown(text);
            };
        }

        private static Localizer of(Localizer usual, Maker maker, double[] numbers) {
            try {
                return numbers.length == 0 ? usual : maker.of(numbers[0], numbers[1]);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }

        private static double[] numbers(String text, String list) {
            String[] parts = list.split(",", -1);
            try {
                if (parts.length == 2) {
                    return new double[] {Double.parseDouble(parts[0]), Double.parseDouble(parts[1])};
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw unknown(text);
        }

        private static TypeConversionException unknown(String text) {
            return new TypeConversionException(
                    "localizer must be nearest, window, window:RADIUS,TEMPERATURE, geo-aware, geo-aware:SHARE,TEMPERATURE, kernel or kernel:SIGMA,TEMPERATURE, got '"
                            + text + "'");
        }
    }
}
