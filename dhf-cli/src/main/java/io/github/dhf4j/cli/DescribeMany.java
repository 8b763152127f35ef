package io.github.dhf4j.cli;

import io.github.dhf4j.Described;
import io.github.dhf4j.Descriptions;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.io.Digests;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file of descriptors an image. What is there already and would come out the same is left. */
final class DescribeMany {
    private static final String ENDING = ".safetensors";

    private final DescriptorPipeline pipeline;
    private final ImagesProgress progress;
    private final PrintWriter print;
    private final PrintWriter errors;
    private final @Nullable String madeBy;

    DescribeMany(DescriptorPipeline pipeline, ImagesProgress progress, PrintWriter print, PrintWriter errors)
            throws IOException {
        this.pipeline = pipeline;
        this.progress = progress;
        this.print = print;
        this.errors = errors;
        String weights = pipeline.origin().descriptors().digest().orElse(null);
        this.madeBy = weights == null ? null : pipeline.extractor().fingerprint() + " " + weights;
    }

    /** Returns the exit code: 1 if an image could not be read. */
    int run(List<Path> images, Path folder, int batch) throws IOException {
        Map<Path, Path> files = OutputNames.of(images, folder, ENDING);
        Files.createDirectories(folder);
        Map<Path, Path> left = new LinkedHashMap<>(files);
        left.entrySet().removeIf(entry -> isMade(entry.getKey(), entry.getValue()));
        if (left.size() < files.size()) {
            print.printf("%d of %d are there already%n", files.size() - left.size(), files.size());
        }
        int bad = 0;
        progress.begin(left.size());
        try (Descriptions<Path> all =
                pipeline.describeAll(new ArrayList<>(left.keySet()).iterator(), RgbImage::read, batch)) {
            while (all.hasNext()) {
                Described<Path> described = all.next();
                Path image = described.source();
                DescriptorMap map = described.map();
                if (map != null) {
                    map.save(left.getOrDefault(image, folder), key(image));
                } else {
                    bad++;
                    errors.println("error: " + reason(image, described.error()));
                }
                progress.done();
            }
        } finally {
            progress.finish();
        }
        print.printf("%d written to %s%n", left.size() - bad, folder);
        if (bad > 0) {
            errors.printf("error: %d of %d images could not be read%n", bad, files.size());
        }
        return bad == 0 ? 0 : 1;
    }

    private boolean isMade(Path image, Path file) {
        try {
            String key = Files.isRegularFile(file) ? key(image) : null;
            return key != null && key.equals(DescriptorMap.keyOf(file));
        } catch (IOException e) {
            return false; // made anew, or refused when it is read
        }
    }

    /** What the map of an image is a function of; null where weights have no digest. */
    private @Nullable String key(Path image) throws IOException {
        return madeBy == null ? null : Digests.of(madeBy + " " + Digests.ofFile(image));
    }

    /** One line that names the image. */
    static String reason(Path image, @Nullable Exception error) {
        String message = String.valueOf(error == null ? null : error.getMessage())
                .lines()
                .findFirst()
                .orElse("no reason");
        return message.contains(image.toString()) ? message : message + " (" + image + ")";
    }
}
