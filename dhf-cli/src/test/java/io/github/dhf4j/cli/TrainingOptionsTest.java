package io.github.dhf4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.aggregation.train.CorrespondenceSettings;
import io.github.dhf4j.aggregation.train.TrainingSettings;
import io.github.dhf4j.reproduction.TrainingRecipe;
import io.github.dhf4j.train.LearningRateSchedule;
import io.github.dhf4j.train.LearningRateSchedule.Decay;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class TrainingOptionsTest {
    private static TrainingRecipe recipe(String... words) {
        TrainingOptions options = new TrainingOptions();
        new CommandLine(options)
                .registerConverter(TrainingRecipe.class, TrainingRecipe::of)
                .parseArgs(words);
        return options.recipe();
    }

    @Test
    void nothingGivenIsThePapers() {
        assertThat(recipe()).isEqualTo(TrainingRecipe.PAPER);
        assertThat(recipe("--recipe", "paper")).isEqualTo(TrainingRecipe.PAPER);
    }

    @Test
    void whatIsGivenTakesTheRecipesPlace() {
        assertThat(recipe("--recipe", "strong")).isEqualTo(TrainingRecipe.STRONG);

        TrainingSettings shorter = recipe("--recipe", "strong", "--steps", "10", "--sigma", "1", "--seed", "3")
                .settings();
        assertThat(shorter)
                .isEqualTo(TrainingRecipe.STRONG.settings().toBuilder()
                        .steps(10)
                        .seed(3)
                        .correspondence(CorrespondenceSettings.REFERENCE
                                .withLearnedTemperature(true)
                                .withSigma(1, 1))
                        .build());
    }

    @Test
    void ratesStayInProportion() {
        assertThat(recipe("--lr", "2e-3").settings().mixingLearningRate()).isEqualTo(2e-3);
        assertThat(recipe("--recipe", "strong", "--lr", "2e-3").settings().mixingLearningRate())
                .isEqualTo(5e-3);
        assertThat(recipe("--recipe", "strong", "--mixing-lr", "7e-3").settings())
                .returns(4e-3, TrainingSettings::learningRate)
                .returns(7e-3, TrainingSettings::mixingLearningRate);
    }

    @Test
    void switchesGoBothWays() {
        TrainingSettings plain = recipe("--recipe", "strong", "--no-learn-temperature", "--decay", "ONE_CYCLE")
                .settings();
        assertThat(plain.correspondence().learnedTemperature()).isFalse();
        assertThat(plain.schedule()).isEqualTo(new LearningRateSchedule(Decay.ONE_CYCLE, 0, 0.3, 4e-6));
        assertThat(recipe("--recipe", "strong", "--hold", "0.2").settings().schedule())
                .isEqualTo(new LearningRateSchedule(Decay.LINEAR, 0, 0.2, 0.05));
        assertThat(recipe("--learn-temperature").settings().correspondence().learnedTemperature())
                .isTrue();
    }

    @Test
    void anotherNameIsRefused() {
        assertThatThrownBy(() -> recipe("--recipe", "best"))
                .hasMessageContaining("recipe must be paper or strong, got 'best'");
    }
}
