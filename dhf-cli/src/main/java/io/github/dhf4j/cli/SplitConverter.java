package io.github.dhf4j.cli;

import io.github.dhf4j.eval.data.Split;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code train}, {@code validation} or {@code test}. */
final class SplitConverter implements ITypeConverter<Split> {
    @Override
    public Split convert(String text) {
        for (Split split : Split.values()) {
            if (split.toString().equals(text)) {
                return split;
            }
        }
        throw new TypeConversionException("split must be one of " + List.of(Split.values()) + ", got '" + text + "'");
    }
}
