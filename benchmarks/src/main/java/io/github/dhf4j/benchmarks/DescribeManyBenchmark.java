package io.github.dhf4j.benchmarks;

import io.github.dhf4j.Described;
import io.github.dhf4j.Descriptions;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.Hyperfeatures;
import io.github.dhf4j.image.PictureFiles;
import io.github.dhf4j.image.PillowResize;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does an image take among many, by the size of the batch? The bundled pipeline by its weights' own process, on
 * JPEG files of 2048 x 1536. {@code describeAll} reads ahead while the network runs; {@code readThenDescribe} does one
 * after the other, in the same batches.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 1)
@Measurement(iterations = 4)
public class DescribeManyBenchmark {
    private static final int IMAGES = 16;

    /** Images in one run of the network. */
    @Param({"1", "2", "4", "8"})
    public int batch;

    private DescriptorPipeline pipeline;
    private Path photograph;

    @Setup
    public void open() throws IOException {
        Threads.set();
        pipeline = DescriptorPipeline.builder().build();
        photograph = Files.createTempFile("dhf-bench", ".jpg");
        try (InputStream small =
                Objects.requireNonNull(Hyperfeatures.class.getResourceAsStream("tiny/pair/car-1.png"))) {
            PictureFiles.write(
                    PillowResize.resize(RgbImage.read(small), new Size(2048, 1536))
                            .toBufferedImage(),
                    photograph);
        }
    }

    @Benchmark
    @OperationsPerInvocation(IMAGES)
    public float describeAll() throws IOException {
        float sum = 0;
        try (Descriptions<Path> all =
                pipeline.describeAll(Collections.nCopies(IMAGES, photograph).iterator(), RgbImage::read, batch)) {
            while (all.hasNext()) {
                Described<Path> one = all.next();
                sum += one.orThrow().values()[0];
            }
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(IMAGES)
    public float readThenDescribe() throws IOException {
        float sum = 0;
        for (int i = 0; i < IMAGES; i += batch) {
            List<RgbImage> images = new ArrayList<>();
            for (int k = 0; k < batch; k++) {
                images.add(RgbImage.read(photograph));
            }
            sum += pipeline.describe(images).get(0).values()[0];
        }
        return sum;
    }

    @TearDown
    public void close() throws IOException {
        pipeline.close();
        Files.delete(photograph);
    }
}
