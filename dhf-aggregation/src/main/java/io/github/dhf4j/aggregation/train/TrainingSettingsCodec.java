package io.github.dhf4j.aggregation.train;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.train.AdamW;
import io.github.dhf4j.train.LearningRateSchedule;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@link TrainingSettings} as JSON, both ways: the one place that knows what each of them is called there. */
final class TrainingSettingsCodec {
    private static final String CORRESPONDENCE = "correspondence";

    /** What is now one of {@link CorrespondenceSettings} was once all that there was of them. */
    private static final String TEMPERATURE = "temperature";

    private static final String DROPOUT = "dropout";
    private static final String AVERAGING = "averaging";

    private static final List<Field> FIELDS = List.of(
            number("steps", TrainingSettings::steps, (into, value) -> into.steps(whole(value))),
            number("accumulation", TrainingSettings::accumulation, (into, value) -> into.accumulation(whole(value))),
            number(
                    "learning_rate",
                    TrainingSettings::learningRate,
                    (into, value) -> into.learningRate(value.getAsDouble())),
            number(
                    "mixing_learning_rate",
                    TrainingSettings::mixingLearningRate,
                    (into, value) -> into.mixingLearningRate(value.getAsDouble())),
            new Field(
                    "schedule",
                    settings -> toJson(settings.schedule()),
                    (into, value) -> into.schedule(schedule(members(value)))),
            new Field(
                    "optimiser",
                    settings -> toJson(settings.optimiser()),
                    (into, value) -> into.optimiser(optimiser(members(value)))),
            new Field(
                    CORRESPONDENCE,
                    settings -> CorrespondenceCodec.toJson(settings.correspondence()),
                    (into, value) -> into.correspondence(CorrespondenceCodec.fromJson(value.getAsJsonObject()))),
            number("flip", TrainingSettings::flip, (into, value) -> into.flip(value.getAsDouble())),
            number(DROPOUT, TrainingSettings::dropout, (into, value) -> into.dropout(value.getAsDouble())),
            number(AVERAGING, TrainingSettings::averaging, (into, value) -> into.averaging(value.getAsDouble())),
            number(
                    "seed",
                    TrainingSettings::seed,
                    (into, value) -> into.seed(value.getAsBigDecimal().longValueExact())),
            number(
                    "validate_every",
                    TrainingSettings::validateEvery,
                    (into, value) -> into.validateEvery(whole(value))),
            number("patience", TrainingSettings::patience, (into, value) -> into.patience(whole(value))),
            number(
                    "checkpoint_every",
                    TrainingSettings::checkpointEvery,
                    (into, value) -> into.checkpointEvery(whole(value))));

    /** Records were once written as Java prints them: {@code Settings[beta1=0.9, weightDecay=0.0]}. */
    private static final Pattern PRINTED = Pattern.compile("(\\w+)=([^,\\[\\]]+)");

    private TrainingSettingsCodec() {}

    /** One of the settings. */
    private record Field(
            String key,
            Function<TrainingSettings, JsonElement> write,
            BiConsumer<TrainingSettingsBuilder, JsonElement> read) {}

    private static Field number(
            String key, Function<TrainingSettings, Number> get, BiConsumer<TrainingSettingsBuilder, JsonElement> read) {
        return new Field(key, settings -> new JsonPrimitive(get.apply(settings)), read);
    }

    static JsonObject toJson(TrainingSettings settings) {
        JsonObject json = new JsonObject();
        FIELDS.forEach(field -> json.add(field.key, field.write.apply(settings)));
        return json;
    }

    static TrainingSettings fromJson(JsonObject json, String where) throws IOException {
        JsonObject now = asNow(json);
        TrainingSettingsBuilder builder = TrainingSettings.builder();
        for (Field field : FIELDS) {
            JsonElement value = now.get(field.key);
            try {
                field.read.accept(builder, value);
            } catch (RuntimeException e) {
                throw new IOException(
                        "training settings must have '" + field.key + "' as they are written, got " + Texts.shown(value)
                                + " (" + where + "); is it a file of a later version?",
                        e);
            }
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new IOException("training settings must be sound, got: " + Texts.reason(e) + " (" + where + ")", e);
        }
    }

    /** Older files know a temperature, and nothing that came with the other settings of correspondences. */
    private static JsonObject asNow(JsonObject json) {
        if (json.has(CORRESPONDENCE) || !json.has(TEMPERATURE)) {
            return json;
        }
        JsonObject now = json.deepCopy();
        JsonObject correspondence = CorrespondenceCodec.toJson(CorrespondenceSettings.REFERENCE);
        correspondence.add(TEMPERATURE, json.get(TEMPERATURE));
        now.add(CORRESPONDENCE, correspondence);
        now.addProperty(DROPOUT, 0);
        now.addProperty(AVERAGING, 0);
        return now;
    }

    /** Takes out of a description what {@link #toJson} no longer writes. */
    static void removeFormer(JsonObject json) {
        json.remove(TEMPERATURE);
    }

    private static JsonObject toJson(LearningRateSchedule schedule) {
        JsonObject json = new JsonObject();
        json.addProperty("decay", schedule.decay().name().toLowerCase(Locale.ROOT));
        json.addProperty("warm_up", schedule.warmUp());
        json.addProperty("hold", schedule.hold());
        json.addProperty("end", schedule.end());
        return json;
    }

    private static LearningRateSchedule schedule(JsonObject json) {
        return new LearningRateSchedule(
                LearningRateSchedule.Decay.valueOf(
                        json.get("decay").getAsString().toUpperCase(Locale.ROOT)),
                whole(json.get("warm_up")),
                json.get("hold").getAsDouble(),
                json.get("end").getAsDouble());
    }

    private static JsonObject toJson(AdamW.Settings optimiser) {
        JsonObject json = new JsonObject();
        json.addProperty("name", "AdamW");
        json.addProperty("beta1", optimiser.beta1());
        json.addProperty("beta2", optimiser.beta2());
        json.addProperty("eps", optimiser.eps());
        json.addProperty("weight_decay", optimiser.weightDecay());
        return json;
    }

    private static AdamW.Settings optimiser(JsonObject json) {
        return new AdamW.Settings(
                json.get("beta1").getAsDouble(),
                json.get("beta2").getAsDouble(),
                json.get("eps").getAsDouble(),
                json.get("weight_decay").getAsDouble());
    }

    private static int whole(JsonElement value) {
        return value.getAsBigDecimal().intValueExact();
    }

    /** An object, or what was once written in its place. */
    private static JsonObject members(JsonElement value) {
        if (!value.isJsonPrimitive()) {
            return value.getAsJsonObject();
        }
        JsonObject json = new JsonObject();
        Matcher member = PRINTED.matcher(value.getAsString());
        while (member.find()) {
            json.addProperty(member.group(1).replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT), member.group(2));
        }
        return json;
    }
}
