package io.github.dhf4j.feature;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.dhf4j.io.Json;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From evidence to probabilities, by logistic functions. It holds for descriptors and pictures of the kind that it was fitted
 * on; of others it still tells the better match from the worse.
 *
 * @param right coefficients of {@link #terms}: "lies within a tenth of the image, if it is there at all"
 * @param absent coefficients of {@link #terms}: "is not in the other image", where half of all points are not
 * @param absentTogether coefficients of {@link #termsTogether}: the same of points that were asked together
 */
public record ConfidenceModel(List<Double> right, List<Double> absent, List<Double> absentTogether) {
    /**
     * What is taken where nothing was fitted: raw maps, and weights that were not calibrated. It is fitted to the best raw layer
     * of the bundled pipeline, 7 at save index 40, on drawn pictures: of other networks it ranks matches, and is no probability.
     */
    public static final ConfidenceModel DEFAULT = new ConfidenceModel(
            List.of(-2.887, 4.498, 0.089, 0.585, -5.316, -4.02),
            List.of(0.768, -2.189, 0.004, -0.105, 0.66, 3.344),
            List.of(3.891, -0.064, 0.01, -0.127, -0.072, 0.359, -10.661, 4.189, 14.691));

    private static final int TERMS = 6;
    private static final int TOGETHER = 9;

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
        if (right.size() != TERMS || absent.size() != TERMS || absentTogether.size() != TOGETHER) {
            throw new IllegalArgumentException("coefficients must be " + TERMS + ", " + TERMS + " and " + TOGETHER
                    + ", got " + right.size() + ", " + absent.size() + " and " + absentTogether.size());
        }
    }

    /**
     * What is to be trusted where something may have been fitted.
     *
     * @param fitted to the weights; null where nothing was
     * @return that, or {@link #DEFAULT}
     */
    public static ConfidenceModel orDefault(@Nullable ConfidenceModel fitted) {
        return fitted != null ? fitted : DEFAULT;
    }

    /**
     * What the coefficients multiply.
     *
     * @param evidence of one match
     * @return {@code 1}, {@code similarity}, {@code ln(margin + 0.001)}, {@code exp(-wayBack / 0.1)}, {@code level}, {@code
     *     spread}
     */
    public static double[] terms(MatchEvidence evidence) {
        return new double[] {
            1,
            evidence.similarity(),
            Math.log(Math.max(evidence.margin(), 0) + LEAST_MARGIN),
            Math.exp(-evidence.wayBack() / WAY_BACK),
            evidence.level(),
            evidence.spread()
        };
    }

    /**
     * What the coefficients multiply of points that were asked together.
     *
     * @param evidence of one match
     * @param company {@link MatchEvidence#mean} of all of them
     * @return {@link #terms}, then similarity, level and spread of the company
     */
    public static double[] termsTogether(MatchEvidence evidence, MatchEvidence company) {
        double[] terms = Arrays.copyOf(terms(evidence), TOGETHER);
        terms[TERMS] = company.similarity();
        terms[TERMS + 1] = company.level();
        terms[TERMS + 2] = company.spread();
        return terms;
    }

    /**
     * How likely a match is right.
     *
     * @param evidence of the match
     * @return 0 to 1
     */
    public double right(MatchEvidence evidence) {
        return logistic(right, terms(evidence));
    }

    /**
     * How likely a point that was asked alone is not in the other image.
     *
     * @param evidence of its match
     * @return 0 to 1
     */
    public double absent(MatchEvidence evidence) {
        return logistic(absent, terms(evidence));
    }

    /**
     * How likely a point that was asked together with others of the same thing is not in the other image.
     *
     * @param evidence of its match
     * @param company {@link MatchEvidence#mean} of all points that were asked
     * @return 0 to 1
     */
    public double absent(MatchEvidence evidence, MatchEvidence company) {
        return logistic(absentTogether, termsTogether(evidence, company));
    }

    private static double logistic(List<Double> coefficients, double[] terms) {
        double sum = 0;
        for (int i = 0; i < terms.length; i++) {
            sum += coefficients.get(i) * terms[i];
        }
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
                numbers(json, "absent_together", TOGETHER, where));
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
