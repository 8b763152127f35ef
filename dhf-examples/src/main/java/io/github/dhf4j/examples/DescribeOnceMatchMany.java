package io.github.dhf4j.examples;

import io.github.dhf4j.DescribedImage;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.Hyperfeatures;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Finds one point of a query image in many others. Descriptors are kept beside the images, so that a second run does not
 * touch the network: {@code DescribeOnceMatchMany x,y query.jpg other1.jpg other2.jpg ...}
 */
public final class DescribeOnceMatchMany {
    private DescribeOnceMatchMany() {}

    /**
     * Runs the example.
     *
     * @param arguments a point x,y, the query image, the other images
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        String[] xy = arguments[0].split(",", 2);
        Point point = new Point(Double.parseDouble(xy[0]), Double.parseDouble(xy[1]));
        try (DescriptorPipeline pipeline = DescriptorPipeline.builder().build()) {
            DescribedImage query = described(pipeline, Path.of(arguments[1]));
            for (String other : Arrays.asList(arguments).subList(2, arguments.length)) {
                Correspondence found = query.match(described(pipeline, Path.of(other)), List.of(point))
                        .get(0);
                System.out.println(other + ": " + found);
            }
        }
    }

    private static DescribedImage described(DescriptorPipeline pipeline, Path image) throws IOException {
        Hyperfeatures.Images images = Hyperfeatures.using(pipeline);
        Path kept = image.resolveSibling(image.getFileName() + ".dhf.safetensors");
        if (Files.exists(kept)) {
            return images.of(DescriptorMap.load(kept));
        }
        DescribedImage described = images.of(image);
        described.descriptors().save(kept);
        return described;
    }
}
