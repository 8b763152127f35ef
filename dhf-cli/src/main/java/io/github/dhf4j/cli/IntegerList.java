package io.github.dhf4j.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Whole numbers and ranges: {@code 49,45,40} or {@code 1-12} or {@code 1,4-6}. */
record IntegerList(List<Integer> values) {
    static final class Converter implements ITypeConverter<IntegerList> {
        @Override
        public IntegerList convert(String text) {
            List<Integer> values = new ArrayList<>();
            try {
                for (String part : text.split(",", -1)) {
                    String[] ends = part.strip().split("-", -1);
                    int first = Integer.parseInt(ends[0]);
                    int last = Integer.parseInt(ends[ends.length - 1]);
                    if (ends.length > 2 || last < first || last - first > 1000) {
                        throw new NumberFormatException(part);
                    }
                    for (int i = first; i <= last; i++) {
                        values.add(i);
                    }
                }
            } catch (NumberFormatException e) {
                throw new TypeConversionException(
                        "list must be whole numbers and ranges, such as 49,45,40 or 1-12, got '" + text + "'");
            }
            return new IntegerList(List.copyOf(values));
        }
    }
}
