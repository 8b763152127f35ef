package io.github.dhf4j.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Localizers and the words for them. */
class LocalizerTest {
    @ParameterizedTest
    @ValueSource(strings = {"nearest", "window:2.0,0.05", "geo-aware:0.5,0.1", "kernel:3.0,20.0"})
    void aLocalizerIsFoundByItsWord(String word) {
        assertThat(Localizer.named(word).word()).isEqualTo(word);
    }

    @ParameterizedTest
    @ValueSource(strings = {"window", "geo-aware", "kernel"})
    void withoutNumbersItHasTheUsualOnes(String word) {
        Localizer usual = Localizer.named(word);
        assertThat(usual).isIn(WindowSoftArgMax.ONE_CELL, GeoAwareSoftArgMax.PAPER, KernelSoftArgMax.MARCO);
        assertThat(Localizer.named(usual.word())).isEqualTo(usual);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "far", "nearest:", "nearest:1,2", "window:", "window:1", "window:1,2,3", "kernel:a,b"})
    void otherWordsAreRefusedWithThoseThereAre(String word) {
        assertThatThrownBy(() -> Localizer.named(word))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("geo-aware:SHARE,TEMPERATURE")
                .hasMessageContaining("got '" + word + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"window:0,1", "window:1,0", "geo-aware:-1,1", "kernel:0,1", "window:NaN,1"})
    void numbersOutOfTheirRangeAreNamed(String word) {
        assertThatThrownBy(() -> Localizer.named(word))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("above 0");
    }
}
