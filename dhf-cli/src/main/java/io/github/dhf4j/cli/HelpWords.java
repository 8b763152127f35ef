package io.github.dhf4j.cli;

import io.github.dhf4j.spi.FeatureExtractorProvider;
import io.github.dhf4j.spi.Providers;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What help texts say of the backbones there are: {@code ${bundle:backbones}} in a description. */
final class HelpWords extends ResourceBundle {
    private final Map<String, Supplier<String>> words = Map.of(
            "backbones",
            () -> join(FeatureExtractorProvider::backbone, ", "),
            "checkpoints",
            () -> join(FeatureExtractorProvider::checkpoints, "; "));

    private static String join(Function<FeatureExtractorProvider, String> word, String between) {
        return Providers.extractors().stream().map(word).collect(Collectors.joining(between));
    }

    @Override
    protected @Nullable Object handleGetObject(String key) {
        Supplier<String> word = words.get(key);
        return word == null ? null : word.get();
    }

    @Override
    public Enumeration<String> getKeys() {
        return Collections.enumeration(words.keySet());
    }
}
