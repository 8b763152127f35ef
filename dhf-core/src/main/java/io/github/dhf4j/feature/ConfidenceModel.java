package io.github.dhf4j.feature;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * From evidence to probabilities, by logistic functions of {@link #terms}. It holds for descriptors and pictures of the kind
 * that it was fitted on; of others it still tells the better match from the worse.
 *
 * @param right coefficients of "lies within a tenth of the image, if it is there at all": of the four terms
 * @param absent coefficients of "is not in the other image", where half of all points are not: of the four terms
 * @param absentTogether the same of points that were asked together: of the four terms, and of their company, the mean
 *     similarity of all of them, which is low where the thing that they belong to is not there
 */
public record ConfidenceModel(List<Double> right, List<Double> absent, List<Double> absentTogether) {
    /** How many numbers {@link #terms} are. */
    public static final int TERMS = 4;

    /** What is taken where nothing was fitted: raw maps, and weights that were not calibrated. */
    public static final ConfidenceModel DEFAULT = new ConfidenceModel(
            List.of(-4.0, 4.0, 0.3, 0.5), List.of(3.0, -4.0, -0.1, -0.2), List.of(12.0, 2.0, -0.1, -0.2, -16.0));

    /** Added to margins, so that there is a logarithm of 0. */
    private static final double LEAST_MARGIN = 1e-3;

    /** The way back over which trust falls to a third, in shares of the longer side. */
    private static final double WAY_BACK = 0.1;

    /**
     * Copies the lists.
     *
     * @param right as above
     * @param absent as above
     * @param absentTogether as above
     */
    public ConfidenceModel {
        right = List.copyOf(right);
        absent = List.copyOf(absent);
        absentTogether = List.copyOf(absentTogether);
        if (right.size() != TERMS || absent.size() != TERMS || absentTogether.size() != TERMS + 1) {
            throw new IllegalArgumentException("coefficients must be " + TERMS + ", " + TERMS + " and " + (TERMS + 1)
                    + ", got " + right.size() + ", " + absent.size() + " and " + absentTogether.size());
        }
    }

    /**
     * What the coefficients multiply.
     *
     * @param evidence of one match
     * @return {@code 1}, {@code similarity}, {@code ln(margin + 0.001)}, {@code exp(-wayBack / 0.1)}
     */
    public static double[] terms(MatchEvidence evidence) {
        return new double[] {
            1,
            evidence.similarity(),
            Math.log(Math.max(evidence.margin(), 0) + LEAST_MARGIN),
            Math.exp(-evidence.wayBack() / WAY_BACK)
        };
    }

    /**
     * How likely a match is right.
     *
     * @param evidence of the match
     * @return 0 to 1
     */
    public double right(MatchEvidence evidence) {
        return logistic(sum(right, evidence));
    }

    /**
     * How likely a point that was asked alone is not in the other image.
     *
     * @param evidence of its match
     * @return 0 to 1
     */
    public double absent(MatchEvidence evidence) {
        return logistic(sum(absent, evidence));
    }

    /**
     * How likely a point that was asked together with others of the same thing is not in the other image.
     *
     * @param evidence of its match
     * @param company the mean similarity of all points that were asked
     * @return 0 to 1
     */
    public double absent(MatchEvidence evidence, double company) {
        return logistic(sum(absentTogether, evidence) + absentTogether.get(TERMS) * company);
    }

    private static double sum(List<Double> coefficients, MatchEvidence evidence) {
        double[] terms = terms(evidence);
        double sum = 0;
        for (int i = 0; i < terms.length; i++) {
            sum += coefficients.get(i) * terms[i];
        }
        return sum;
    }

    private static double logistic(double sum) {
        return 1 / (1 + Math.exp(-sum));
    }

    /**
     * The model as JSON.
     *
     * @return its lists by name
     */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.add("right", Json.array(right));
        json.add("absent", Json.array(absent));
        json.add("absent_together", Json.array(absentTogether));
        return json;
    }

    /**
     * Reads what {@link #toJson} made.
     *
     * @param json the lists by name
     * @param where the file, for messages
     * @return the model
     * @throws IOException if it is none
     */
    public static ConfidenceModel fromJson(JsonObject json, String where) throws IOException {
        return new ConfidenceModel(
                numbers(json, "right", TERMS, where),
                numbers(json, "absent", TERMS, where),
                numbers(json, "absent_together", TERMS + 1, where));
    }

    private static List<Double> numbers(JsonObject json, String name, int count, String where) throws IOException {
        JsonElement list = json.get(name);
        List<Double> numbers = new ArrayList<>();
        if (list != null && list.isJsonArray()) {
            for (JsonElement element : list.getAsJsonArray()) {
                boolean number = element.isJsonPrimitive()
                        && element.getAsJsonPrimitive().isNumber();
                numbers.add(number ? element.getAsDouble() : Double.NaN);
            }
        }
        if (numbers.size() != count || !numbers.stream().allMatch(Double::isFinite)) {
            throw new IOException("'" + name + "' of the calibration must be " + count + " finite numbers, got "
                    + Texts.shown(String.valueOf(list)) + " (" + where + "); calibrate again");
        }
        return numbers;
    }
}
