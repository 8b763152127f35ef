package io.github.dhf4j.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.PlaneTransform;
import io.github.dhf4j.matching.RobustFit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@code match --fit} says: the transform, and which correspondences agree with it. */
record FitReport(PlaneTransform.@Nullable Kind kind, Optional<RobustFit> fit) {
    /** Nobody asked. */
    static final FitReport NONE = new FitReport(null, Optional.empty());

    static FitReport of(PlaneTransform.@Nullable Kind kind, MatchedPair pair) {
        return kind == null ? NONE : new FitReport(kind, pair.fit(kind));
    }

    /** Those that agree; none without a fit. */
    List<Correspondence> agreeing(List<Correspondence> found) {
        return found.stream().filter(this::agrees).toList();
    }

    private boolean agrees(Correspondence match) {
        return fit.map(with -> with.agrees(match)).orElse(false);
    }

    /** Empty where nobody asked. */
    String sentence(List<Correspondence> found) {
        if (kind == null) {
            return "";
        }
        return fit.map(with -> String.format(
                        Locale.ROOT,
                        "%s fit: %d of %d sure matches agree%s, %d of these %d correspondences do",
                        kind,
                        with.inliers(),
                        with.matches(),
                        with.holds() ? "" : " (too few to rely on)",
                        agreeing(found).size(),
                        found.size()))
                .orElse(kind + " fit: no transform that enough matches agree on");
    }

    void addTo(JsonObject correspondence, Correspondence match) {
        if (kind != null) {
            correspondence.addProperty("inlier", agrees(match));
        }
    }

    void addTo(JsonObject root) {
        if (kind == null || fit.isEmpty()) {
            return;
        }
        RobustFit with = fit.get();
        JsonObject object = new JsonObject();
        object.addProperty("kind", kind.toString());
        object.addProperty("tolerance", with.tolerance());
        object.addProperty("inliers", with.inliers());
        object.addProperty("matches", with.matches());
        object.addProperty("holds", with.holds());
        object.add("matrix", rows(with.transform().matrix()));
        root.add("fit", object);
    }

    private static JsonArray rows(double[] matrix) {
        JsonArray rows = new JsonArray();
        for (int row = 0; row < 3; row++) {
            JsonArray numbers = new JsonArray();
            for (int column = 0; column < 3; column++) {
                numbers.add(matrix[3 * row + column]);
            }
            rows.add(numbers);
        }
        return rows;
    }
}
