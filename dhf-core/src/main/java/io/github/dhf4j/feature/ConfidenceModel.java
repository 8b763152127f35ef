package io.github.dhf4j.feature;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * From evidence to probabilities, by a logistic function of four numbers: {@code similarity}, {@code ln(margin + 0.001)},
 * {@code exp(-wayBack / 0.1)} and, of absence alone, {@code company}. It holds for descriptors of the kind and pictures of the
 * kind that it was fitted on.
 *
 * @param right coefficients of "lies within a tenth of the image": constant, similarity, margin, way back
 * @param absent coefficients of "is not in the other picture at all", where half of all points are: the same, and company
 */
public record ConfidenceModel(List<Double> right, List<Double> absent) {
    /** What is taken where nothing was fitted: raw maps, and weights that were not calibrated. See docs/guide.md. */
    public static final ConfidenceModel DEFAULT =
            new ConfidenceModel(List.of(-4.0, 4.0, 0.3, 0.5), List.of(12.0, 2.0, -0.1, -0.2, -16.0));

    private static final int OF_RIGHT = 4;
    private static final int OF_ABSENT = 5;

    /**
     * Copies the lists.
     *
     * @param right as above
     * @param absent as above
     */
    public ConfidenceModel {
        right = List.copyOf(right);
        absent = List.copyOf(absent);
        if (right.size() != OF_RIGHT || absent.size() != OF_ABSENT) {
            throw new IllegalArgumentException("coefficients must be " + OF_RIGHT + " and " + OF_ABSENT + ", got "
                    + right.size() + " and " + absent.size());
        }
    }

    /**
     * What the coefficients multiply.
     *
     * @param evidence of one match
     * @return 1, similarity, margin, way back, company; the last is of absence alone
     */
    public static double[] terms(MatchEvidence evidence) {
        return new double[] {
            1,
            evidence.similarity(),
            Math.log(Math.max(evidence.margin(), 0) + 1e-3),
            Math.exp(-evidence.wayBack() / 0.1),
            evidence.company()
        };
    }

    /**
     * How likely a match is right.
     *
     * @param evidence of the match
     * @return 0 to 1
     */
    public double right(MatchEvidence evidence) {
        return logistic(right, evidence);
    }

    /**
     * How likely the point is not in the other picture.
     *
     * @param evidence of the match
     * @return 0 to 1
     */
    public double absent(MatchEvidence evidence) {
        return logistic(absent, evidence);
    }

    private static double logistic(List<Double> coefficients, MatchEvidence evidence) {
        double[] terms = terms(evidence);
        double sum = 0;
        for (int i = 0; i < coefficients.size(); i++) {
            sum += coefficients.get(i) * terms[i];
        }
        return 1 / (1 + Math.exp(-sum));
    }

    /**
     * The model as JSON.
     *
     * @return both lists
     */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.add("right", Json.array(right));
        json.add("absent", Json.array(absent));
        return json;
    }

    /**
     * Reads what {@link #toJson} made.
     *
     * @param json both lists
     * @param where the file, for messages
     * @return the model
     * @throws IOException if it is none
     */
    public static ConfidenceModel fromJson(JsonObject json, String where) throws IOException {
        return new ConfidenceModel(numbers(json, "right", OF_RIGHT, where), numbers(json, "absent", OF_ABSENT, where));
    }

    private static List<Double> numbers(JsonObject json, String name, int count, String where) throws IOException {
        List<Double> numbers = new ArrayList<>();
        if (json.get(name) != null && json.get(name).isJsonArray()) {
            for (JsonElement element : json.getAsJsonArray(name)) {
                if (element.isJsonPrimitive()
                        && element.getAsJsonPrimitive().isNumber()
                        && Double.isFinite(element.getAsDouble())) {
                    numbers.add(element.getAsDouble());
                }
            }
        }
        if (numbers.size() != count) {
            throw new IOException("'" + name + "' of the calibration must be " + count + " finite numbers, got "
                    + json.get(name) + " (" + where + "); calibrate again");
        }
        return numbers;
    }
}
