package io.github.dhf4j.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfidenceModelTest {
    private static final ConfidenceModel MODEL = new ConfidenceModel(
            List.of(-1.0, 2.0, 0.5, 1.0, -3.0, 4.0),
            List.of(1.0, -2.0, 0.0, 0.0, 0.0, 0.0),
            List.of(0.0, 1.0, 0.0, 0.0, 0.0, 0.0, -3.0, 2.0, 5.0));

    @Test
    void probabilitiesAreLogisticInTheTerms() {
        MatchEvidence evidence = new MatchEvidence(0.8, 0.049, 0.1, 0.2, 0.15);
        double right = -1 + 2 * 0.8 + 0.5 * Math.log(0.05) + Math.exp(-1) - 3 * 0.2 + 4 * 0.15;
        assertThat(MODEL.right(evidence)).isCloseTo(1 / (1 + Math.exp(-right)), within(1e-12));
        assertThat(MODEL.absent(evidence)).isCloseTo(1 / (1 + Math.exp(0.6)), within(1e-12));
        MatchEvidence company = new MatchEvidence(0.5, 9, 9, 0.1, 0.12);
        assertThat(MODEL.absent(evidence, company))
                .isCloseTo(1 / (1 + Math.exp(-(0.8 - 3 * 0.5 + 2 * 0.1 + 5 * 0.12))), within(1e-12));
    }

    @Test
    void companyIsTheMeanOfEachNumber() {
        assertThat(MatchEvidence.mean(List.of(new MatchEvidence(1, 2, 3, 4, 5), new MatchEvidence(3, 6, 9, 12, 15))))
                .isEqualTo(new MatchEvidence(2, 4, 6, 8, 10));
    }

    @Test
    void theDefaultTrustsWhatIsAlikeAloneAndLeadsBack() {
        ConfidenceModel model = ConfidenceModel.DEFAULT;
        MatchEvidence good = new MatchEvidence(0.9, 0.1, 0, 0.2, 0.2);
        MatchEvidence bad = new MatchEvidence(0.4, 0.001, 0.5, 0.2, 0.2);
        assertThat(model.right(good)).isGreaterThan(model.right(bad));
        assertThat(model.absent(good)).isLessThan(model.absent(bad));
        assertThat(model.absent(good, good)).isLessThan(model.absent(good, bad));
    }

    @Test
    void aMarginOfNothingIsStillANumber() {
        MatchEvidence none = new MatchEvidence(-1, 0, 1.5, -1, 0);
        assertThat(ConfidenceModel.DEFAULT.right(none)).isBetween(0.0, 1.0);
        assertThat(ConfidenceModel.terms(none)[2]).isEqualTo(Math.log(0.001));
    }

    @Test
    void jsonIsReadBack() throws IOException {
        assertThat(ConfidenceModel.fromJson(MODEL.toJson(), "w")).isEqualTo(MODEL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"right\":[1,2,3,4,5]}",
                "{\"right\":[1,2,3,4,5,\"6\"]}",
                "{\"right\":[1,2,3,4,5,1e999]}",
                "{\"right\":7,\"absent\":[1,2,3,4]}"
            })
    void whatIsNoCalibrationIsRefusedByName(String json) {
        JsonObject object = JsonParser.parseString(json).getAsJsonObject();
        assertThatThrownBy(() -> ConfidenceModel.fromJson(object, "w.safetensors"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'right' of the calibration must be 6 finite numbers, got")
                .hasMessageContaining("(w.safetensors); calibrate again");
    }

    @Test
    void coefficientsOfAnotherNumberAreRefused() {
        assertThatThrownBy(() -> new ConfidenceModel(List.of(), List.of(), List.of()))
                .hasMessage("coefficients must be 6, 6 and 9, got 0, 0 and 0");
    }
}
