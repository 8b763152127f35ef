package io.github.dhf4j.matching;

/** Localizers by the words that they have themselves. */
final class LocalizerWords {
    @FunctionalInterface
    private interface Maker {
        Localizer of(double first, double second);
    }

    private LocalizerWords() {}

    static Localizer read(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        double[] numbers = colon < 0 ? new double[0] : numbers(text, text.substring(colon + 1));
        return switch (name) {
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
        return numbers.length == 0 ? usual : maker.of(numbers[0], numbers[1]);
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

    private static IllegalArgumentException unknown(String text) {
        return new IllegalArgumentException(
                "localizer must be nearest, window, window:RADIUS,TEMPERATURE, geo-aware, geo-aware:SHARE,TEMPERATURE, kernel or kernel:SIGMA,TEMPERATURE, got '"
                        + text + "'");
    }
}
