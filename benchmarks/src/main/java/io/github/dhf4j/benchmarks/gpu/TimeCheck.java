package io.github.dhf4j.benchmarks.gpu;

import static io.github.dhf4j.benchmarks.gpu.DeviceChecks.memory;
import static io.github.dhf4j.benchmarks.gpu.DeviceChecks.say;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.aggregation.Aggregator;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.benchmarks.ImageStages;
import io.github.dhf4j.diffusion.DiffusionFeatureExtractor;
import io.github.dhf4j.diffusion.StableDiffusion;
import io.github.dhf4j.feature.DescriptorAccumulator;
import io.github.dhf4j.feature.DescriptorMap;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.matching.CosineMatcher;
import io.github.dhf4j.matching.MatchOptions;
import io.github.dhf4j.matching.Point;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Times on a checkpoint of random weights. The clock stops when a number of the result is on the host. */
final class TimeCheck {
    private static final int ROUNDS = 3;

    private TimeCheck() {}

    /** From pictures to matches by the paper's process: 50 calls, 11 of them kept, all layers. */
    static void describe(Path path) throws IOException {
        TorchRuntime runtime = TorchRuntime.best();
        say("time memory in use before: %s", memory());
        long begin = System.nanoTime();
        try (StableDiffusion checkpoint = StableDiffusion.open(path, runtime)) {
            say(
                    "time open and load %d weights: %.2f s, memory in use %s",
                    checkpoint.unet().parameterCount(), since(begin), memory());
            DiffusionFeatureExtractor extractor =
                    new DiffusionFeatureExtractor(checkpoint, ExtractionSettings.inversion());
            AggregatorConfig config = AggregatorConfig.of(
                    "time",
                    extractor.settings(),
                    extractor.layout(),
                    384,
                    extractor.mapSize().width());
            List<DescriptorMap> maps = new ArrayList<>();
            try (Aggregator aggregator = Aggregator.untrained(config, 0, runtime)) {
                for (int batch : new int[] {1, 1, 1, 2}) {
                    List<RgbImage> images = new ArrayList<>();
                    for (int i = 0; i < batch; i++) {
                        images.add(noise(extractor.loadSize().width(), 7 + i + maps.size()));
                    }
                    maps.addAll(described(extractor, aggregator, images));
                }
            }
            matches(maps);
        }
    }

    private static List<DescriptorMap> described(
            DiffusionFeatureExtractor extractor, Aggregator aggregator, List<RgbImage> images) {
        int batch = images.size();
        try (NDManager manager = extractor.newManager();
                DescriptorAccumulator sum = aggregator.accumulator()) {
            long begin = System.nanoTime();
            NDArray latents = extractor.encode(images, null, manager);
            float first = latents.getFloat(0, 0, 0, 0);
            double encoded = since(begin);
            begin = System.nanoTime();
            NDArray[] last = new NDArray[1];
            extractor.extract(
                    latents,
                    null,
                    (key, map) -> {
                        if (last[0] != null) {
                            last[0].close();
                        }
                        last[0] = map.duplicate();
                        last[0].attach(manager);
                    },
                    RunMonitor.NONE,
                    null);
            first += last[0].getFloat(0, 0, 0, 0);
            double alone = since(begin);
            begin = System.nanoTime();
            extractor.extract(latents, null, sum, RunMonitor.NONE, null);
            first += sum.descriptors().getFloat(0, 0, 0, 0);
            double together = since(begin);
            List<DescriptorMap> maps = DescriptorMap.of(
                    sum.descriptors(), images.stream().map(RgbImage::size).toList(), extractor.loadSize());
            say(
                    "time batch %d: encode %.3f s, inversion with %d maps %.3f s, the same with aggregation %.3f s, memory in use %s (%.3g)",
                    batch,
                    encoded,
                    extractor.layout().layers().size()
                            * extractor.layout().saveIndices().size(),
                    alone,
                    together,
                    memory(),
                    first);
            return maps;
        }
    }

    private static void matches(List<DescriptorMap> maps) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            points.add(new Point(11 * i, 13 * i));
        }
        CosineMatcher matcher = new CosineMatcher();
        for (int i = 0; i < ROUNDS; i++) {
            long begin = System.nanoTime();
            matcher.match(maps.get(0), maps.get(1), points, MatchOptions.NEAREST);
            double some = since(begin);
            begin = System.nanoTime();
            int all = matcher.matchAll(maps.get(0), maps.get(1), MatchOptions.MUTUAL)
                    .size();
            say(
                    "time match on the host: ten points %.1f ms, all cells %.1f ms (%d)",
                    1e3 * some, 1e3 * since(begin), all);
        }
    }

    /**
     * Stages of one image on command, so that another program can take turns with this one: a line {@code STAGE TIMES},
     * as {@code unet-1 20}, {@code inversion 1}, {@code aggregation 1}, {@code points 1} or {@code cells 1}, is answered by
     * milliseconds each.
     */
    static void stages(Path unet, DataType type) throws IOException {
        TorchRuntime runtime = new TorchRuntime(TorchRuntime.best().device(), type);
        long opening = System.nanoTime();
        try (ImageStages stages = new ImageStages(unet, runtime);
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            say("ready %.2f %s", since(opening), memory());
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", -1);
                int times = Integer.parseInt(words[1]);
                long begin = System.nanoTime();
                if (words[0].startsWith("unet-")) {
                    requireFinite(stages.unetCalls(Integer.parseInt(words[0].substring(5)), times));
                } else {
                    for (int i = 0; i < times; i++) {
                        stage(stages, words[0]);
                    }
                }
                say("%.3f %s", 1e3 * since(begin) / times, memory());
            }
        }
    }

    private static void stage(ImageStages stages, String name) {
        switch (name) {
            case "inversion" -> stages.inversion();
            case "aggregation" -> stages.described();
            case "points" -> stages.tenPoints();
            case "cells" -> stages.allCells();
            default ->
                throw new IllegalArgumentException(
                        "stage must be unet-BATCH, inversion, aggregation, points or cells, got " + name);
        }
    }

    private static void requireFinite(float value) {
        if (!Float.isFinite(value)) {
            throw new IllegalStateException("the network must give finite numbers, got " + value);
        }
    }

    private static RgbImage noise(int side, long seed) {
        byte[] rgb = new byte[3 * side * side];
        new Random(seed).nextBytes(rgb);
        return new RgbImage(side, side, rgb);
    }

    private static double since(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
