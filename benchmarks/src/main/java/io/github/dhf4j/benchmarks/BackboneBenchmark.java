package io.github.dhf4j.benchmarks;

import io.github.dhf4j.backbones.ResNet101Extractor;
import io.github.dhf4j.backbones.VisionTransformerExtractor;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does a picture take through DINOv2 at 518 x 518 and ResNet-101 at 240 x 240, from its pixels to the last map?
 * The weights are those that {@code peers/backbones_torch.py write FOLDER} wrote; rival: the same script on them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 3)
@Measurement(iterations = 10)
public class BackboneBenchmark {
    @Param({"dinov2-small", "dinov2-base", "resnet101"})
    String network = "";

    private FeatureExtractor extractor;
    private RgbImage image;

    @Setup
    public void open() throws IOException {
        Threads.set();
        Path folder = Path.of(System.getProperty("dhf.bench.dir", "/tmp"));
        boolean resnet = network.equals("resnet101");
        ExtractionSettings forward = ExtractionSettings.forward();
        extractor = resnet
                ? ResNet101Extractor.open(
                        folder.resolve("resnet101.pth"), forward.withLayers(List.of(34)), TorchRuntime.cpu())
                : VisionTransformerExtractor.open(
                        folder.resolve(network), forward.withLayers(List.of(12)), TorchRuntime.cpu());
        int side = resnet ? 240 : 518;
        byte[] pixels = new byte[3 * side * side];
        new Random(1).nextBytes(pixels);
        image = new RgbImage(side, side, pixels);
    }

    @Benchmark
    public float picture() {
        float[] sum = new float[1];
        extractor.extract(List.of(image), (key, map) -> sum[0] += map.getFloat(0, 0, 0, 0), RunMonitor.NONE);
        return sum[0];
    }

    @TearDown
    public void close() {
        extractor.close();
    }
}
