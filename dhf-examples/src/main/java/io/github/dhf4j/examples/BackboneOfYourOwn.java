package io.github.dhf4j.examples;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.Hyperfeatures;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Matches two pictures by a network that the library does not know: {@code BackboneOfYourOwn DIR}.
 * {@link ColourProvider} recognises its checkpoint and is found by the file
 * {@code META-INF/services/io.github.dhf4j.spi.FeatureExtractorProvider}; {@link ColourExtractor} runs it.
 */
public final class BackboneOfYourOwn {
    private BackboneOfYourOwn() {}

    /**
     * Runs the example.
     *
     * @param arguments the folder where the checkpoint is written
     * @throws IOException if it cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        Path checkpoint = Path.of(arguments[0]).resolve("small.colours");
        // all that this network learned: the side of its maps
        Files.writeString(checkpoint, "32");
        try (DescriptorPipeline pipeline =
                DescriptorPipeline.builder().model(checkpoint).build()) {
            System.out.println(pipeline.name());
            List<Correspondence> found = Hyperfeatures.using(pipeline)
                    .of(Hyperfeatures.class.getResource("tiny/pair/car-1.png"))
                    .match(Hyperfeatures.class.getResource("tiny/pair/car-2.png"), List.of(new Point(71.7, 38.9)));
            System.out.println(found.get(0));
        }
    }
}
