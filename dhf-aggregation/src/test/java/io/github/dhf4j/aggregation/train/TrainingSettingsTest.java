package io.github.dhf4j.aggregation.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.LearningRateSchedule;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrainingSettingsTest {
    private static final TrainingSettings CHANGED = TrainingSettings.builder()
            .steps(12)
            .accumulation(3)
            .learningRate(2e-3)
            .mixingLearningRate(5e-4)
            .schedule(new LearningRateSchedule(LearningRateSchedule.Decay.COSINE, 3, 0.2, 0.05))
            .optimiser(new AdamW.Settings(0.8, 0.99, 1e-6, 0.1))
            .correspondence(new CorrespondenceSettings(
                    0.1, true, 2, 0.5, 0.3, 0.03, 0.1, Set.of(MirroredPairs.SELF, MirroredPairs.SOURCE)))
            .flip(0.5)
            .dropout(0.2)
            .averaging(0.99)
            .seed(-7_000_000_000L)
            .validateEvery(4)
            .patience(2)
            .checkpointEvery(5)
            .build();

    @Test
    void everyComponentIsWrittenAndReadBack() throws Exception {
        for (TrainingSettings settings : List.of(TrainingSettings.REFERENCE, CHANGED)) {
            JsonObject json = Json.parseObject(settings.toJson().toString());
            assertThat(json.size()).isEqualTo(TrainingSettings.class.getRecordComponents().length);
            assertThat(TrainingSettings.fromJson(json, "here")).isEqualTo(settings);
        }
        for (var component : TrainingSettings.class.getRecordComponents()) {
            assertThat(component.getAccessor().invoke(CHANGED))
                    .as(component.getName())
                    .isNotEqualTo(component.getAccessor().invoke(TrainingSettings.REFERENCE));
        }
    }

    @Test
    void whatWasWrittenBeforeIsTheSame() throws IOException {
        JsonObject json = CHANGED.toJson();
        json.addProperty("schedule", "LearningRateSchedule[decay=COSINE, warmUp=3, hold=0.2, end=0.05]");
        json.addProperty("optimiser", "AdamW Settings[beta1=0.8, beta2=0.99, eps=1.0E-6, weightDecay=0.1]");
        assertThat(TrainingSettings.fromJson(json, "here")).isEqualTo(CHANGED);

        JsonObject older = TrainingSettings.REFERENCE.toJson();
        older.remove("correspondence");
        older.remove("dropout");
        older.remove("averaging");
        older.addProperty("temperature", 0.1);
        assertThat(TrainingSettings.fromJson(older, "here"))
                .isEqualTo(TrainingSettings.builder()
                        .correspondence(CorrespondenceSettings.REFERENCE.withTemperature(0.1))
                        .build());
    }

    @Test
    void whatIsNoneIsRefusedByItsName() {
        for (String key : CHANGED.toJson().keySet()) {
            for (String wrong : List.of("null", "[]", "\"x\"", "{}", "1e999")) {
                assertThatThrownBy(() -> {
                            JsonObject json = CHANGED.toJson();
                            json.add(
                                    key,
                                    Json.parseObject("{\"x\": " + wrong + "}").get("x"));
                            TrainingSettings.fromJson(json, "a file");
                        })
                        .as(key + " " + wrong)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("a file");
            }
            JsonObject without = CHANGED.toJson();
            without.remove(key);
            assertThatThrownBy(() -> TrainingSettings.fromJson(without, "a file"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("'" + key + "' as they are written, got nothing (a file)");
        }
    }

    @Test
    void rangesAreChecked() {
        assertThatThrownBy(() -> TrainingSettings.builder().steps(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 0, 1, 100, 1000, 0");
        assertThatThrownBy(() -> CorrespondenceSettings.REFERENCE.withTemperature(0))
                .hasMessageContaining("must be above 0");
        assertThatThrownBy(() -> CorrespondenceSettings.REFERENCE.withSigma(1, 2))
                .hasMessageContaining("got 1.0 to 2.0");
        assertThatThrownBy(() -> CorrespondenceSettings.REFERENCE.withPlace(-1, 0))
                .hasMessageContaining("got -1.0 and 0.0");
        assertThatThrownBy(() -> TrainingSettings.builder().dropout(1).build()).hasMessageContaining("got 1.0 and 0.0");
        assertThatThrownBy(() -> TrainingSettings.builder().flip(2).build()).hasMessageContaining("got 2.0");
    }
}
