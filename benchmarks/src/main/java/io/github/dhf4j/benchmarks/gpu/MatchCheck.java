package io.github.dhf4j.benchmarks.gpu;

import static io.github.dhf4j.benchmarks.gpu.DeviceChecks.say;

import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.DescribedImage;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.Hyperfeatures;
import io.github.dhf4j.diffusion.BundledPair;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.Correspondence;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The bundled pipeline on the bundled pair, on the CPU in float32 and on the default device in a type. */
final class MatchCheck {
    private MatchCheck() {}

    private record Found(float[] source, float[] target, List<Correspondence> matches, List<Double> seconds) {}

    static void run(DataType type) throws IOException {
        BundledPair pair = BundledPair.load();
        RgbImage first = pair.source();
        RgbImage second = pair.target();
        Found onHost = on(TorchRuntime.cpu(), first, second);
        TorchRuntime runtime = new TorchRuntime(TorchRuntime.best().device(), type);
        Found found = on(runtime, first, second);
        double[] source = DeviceChecks.difference(found.source(), onHost.source());
        double[] target = DeviceChecks.difference(found.target(), onHost.target());
        int same = 0;
        for (Correspondence match : found.matches()) {
            same += onHost.matches().stream()
                            .anyMatch(other -> other.source().equals(match.source())
                                    && other.target().equals(match.target()))
                    ? 1
                    : 0;
        }
        say(
                "match descriptors %s against cpu: largest %.2e and %.2e, rms %.2e and %.2e of the deviation",
                runtime.device(), source[0], target[0], source[1], target[1]);
        say(
                "match mutual neighbours: %d on the cpu, %d on %s, %d the same",
                onHost.matches().size(), found.matches().size(), runtime.device(), same);
        say(
                "match seconds for the pair, three times: cpu %s, %s %s",
                onHost.seconds(), runtime.device(), found.seconds());
    }

    private static Found on(TorchRuntime runtime, RgbImage first, RgbImage second) throws IOException {
        try (DescriptorPipeline pipeline =
                DescriptorPipeline.builder().runtime(runtime).build()) {
            Hyperfeatures.Images images = Hyperfeatures.with(pipeline);
            List<Double> seconds = new ArrayList<>();
            Found found = null;
            for (int i = 0; i < 3; i++) {
                long begin = System.nanoTime();
                DescribedImage a = images.of(first);
                DescribedImage b = images.of(second);
                List<Correspondence> matches = a.matchAll(b, MatchOptions.MUTUAL);
                seconds.add(Math.round((System.nanoTime() - begin) / 1e6) / 1e3);
                found = new Found(a.descriptors().values(), b.descriptors().values(), matches, seconds);
            }
            if (found == null) {
                throw new IllegalStateException("nothing was described");
            }
            return found;
        }
    }
}
