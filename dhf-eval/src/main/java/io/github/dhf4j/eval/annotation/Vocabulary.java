package io.github.dhf4j.eval.annotation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Categories and the names of their key points, in the order in which they came.
 *
 * @param keypoints names by category; none where nothing of a category has points
 */
public record Vocabulary(Map<String, Set<String>> keypoints) {
    /**
     * Collects the words of pictures.
     *
     * @param images what is gone through
     * @return their words
     * @throws IOException if they cannot be read
     */
    public static Vocabulary of(LabelledSource images) throws IOException {
        Map<String, Set<String>> words = new LinkedHashMap<>();
        images.forEach(image -> image.annotations()
                .forEach(annotation -> words.computeIfAbsent(annotation.category(), key -> new LinkedHashSet<>())
                        .addAll(annotation.points().keySet())));
        return new Vocabulary(words);
    }

    List<String> categories() {
        return List.copyOf(keypoints.keySet());
    }

    List<String> keypointsOf(String category) {
        return new ArrayList<>(keypoints.getOrDefault(category, Set.of()));
    }
}
