package io.github.dhf4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.matching.SimilarityMap;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Names of the front door that other languages of the JVM can call as they are. */
class NamesTest {
    /** Of Scala 3 and Kotlin, those that Java has too left out. */
    private static final Set<String> KEYWORDS =
            Set.of(("as def export fun given implicit in is lazy match object override sealed then trait type typealias"
                            + " typeof val var when with yield")
                    .split(" ", -1));

    /** The other name of each that is one. */
    private static final Map<String, String> ALIASES = Map.of(
            "DescribedImage.match", "matchWith",
            "Hyperfeatures.with", "using",
            "MatchOptions.with", "withLocalizer");

    @Test
    void noMethodOfTheFrontDoorNeedsBackTicks() {
        for (Class<?> type : List.of(
                Hyperfeatures.class,
                Hyperfeatures.Images.class,
                DescribedImage.class,
                DescriptorPipeline.class,
                DescriptorPipelineBuilder.class,
                DescriptorMap.class,
                RgbImage.class,
                Size.class,
                Point.class,
                Correspondence.class,
                MatchOptions.class,
                SimilarityMap.class)) {
            List<String> names = Arrays.stream(type.getMethods())
                    .filter(method -> Modifier.isPublic(method.getModifiers()))
                    .map(Method::getName)
                    .toList();
            for (String name : names) {
                if (KEYWORDS.contains(name)) {
                    String alias = ALIASES.get(type.getSimpleName() + "." + name);
                    assertThat(alias).as("%s.%s", type.getSimpleName(), name).isNotNull();
                    assertThat(names).contains(alias);
                }
            }
        }
    }

    @Test
    void kotlinTakesRecordsApart() {
        Correspondence found = new Correspondence(new Point(1, 2), new Point(3, 4), 0.5);
        assertThat(List.of(found.component1(), found.component2(), found.component3()))
                .isEqualTo(List.of(found.source(), found.target(), found.similarity()));
        assertThat(List.of(found.source().component1(), found.source().component2()))
                .isEqualTo(List.of(1.0, 2.0));
    }
}
