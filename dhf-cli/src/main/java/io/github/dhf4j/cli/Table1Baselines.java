package io.github.dhf4j.cli;

import ai.djl.ndarray.NDManager;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.backbones.CatsPlusPlusFinder;
import io.github.dhf4j.backbones.DhpfFinder;
import io.github.dhf4j.backbones.Dinov2;
import io.github.dhf4j.data.FeatureCache;
import io.github.dhf4j.data.FeatureSource;
import io.github.dhf4j.data.PointFinder;
import io.github.dhf4j.diffusion.Dift;
import io.github.dhf4j.eval.pck.Finders;
import io.github.dhf4j.eval.pck.MatchGrid;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureAggregator;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.Digests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Rows of other methods than the paper's own, each where its checkpoint is given. */
final class Table1Baselines {
    /** Side from which a checkpoint's own load size is that of Stable Diffusion. */
    private static final int FULL_SIZE = 512;

    @Option(names = "--dino", paramLabel = "DIR|FILE", description = "Checkpoint of the row DINO.")
    private @Nullable Path dino;

    @Option(
            names = "--dinov2",
            paramLabel = "DIR|FILE",
            description = "Checkpoint of the rows DINOv2, SD-Layer-4 + DINOv2, and Ours over DINOv2, which is trained.")
    private @Nullable Path dinov2;

    @Option(
            names = "--resnet",
            paramLabel = "FILE",
            description = "torchvision's ResNet-101, for the row of hyperpixels and for --dhpf.")
    private @Nullable Path resnet;

    @Option(
            names = "--dhpf",
            paramLabel = "FILE",
            description = "Checkpoint of the row DHPF; needs --resnet, which it does not hold.")
    private @Nullable Path dhpf;

    @Option(
            names = "--dhpf-torch-1.7",
            description =
                    "Count DHPF's Hough cells as torch 1.7 and later do. Default: as torch 1.0.1 did, for which its authors wrote.")
    private boolean later;

    @Option(
            names = "--catspp",
            paramLabel = "FILE",
            description = "Checkpoint of the row CATs++, which holds its backbone.")
    private @Nullable Path cats;

    @Option(
            names = "--dift",
            description =
                    "A row more: DIFT on the diffusion checkpoint, timestep 261, second up block, mean over 8 noises, prompt \"a photo of a CATEGORY\", at 768 x 768 (at the checkpoint's own size where that is below 512).")
    private boolean dift;

    /** Opens every given checkpoint once, so that a wrong one is found before long work. */
    void check() throws IOException {
        check("dino", dino);
        check("dinov2", dinov2);
        check("resnet101", resnet);
        if (dhpf != null && resnet != null) {
            DhpfFinder.open(resnet, dhpf, !later, Table1Command.runtime()).close();
        }
        if (cats != null) {
            CatsPlusPlusFinder.open(cats, Table1Command.runtime()).close();
        }
    }

    private static void check(String backbone, @Nullable Path checkpoint) throws IOException {
        if (checkpoint != null) {
            DescriptorPipelineBuilder pipeline = pipeline(backbone, checkpoint);
            ExtractionSettings settings = pipeline.checkpoint().rawSettings();
            pipeline.openExtractor(settings == null ? ExtractionSettings.forward() : settings)
                    .close();
        }
    }

    /** Rows that need the diffusion checkpoint's features too; {@code layer4} is closed. */
    void addWithDiffusion(Table1Command table, Table1Rows rows, Table1Rows.Features diffusion, FeatureAggregator layer4)
            throws IOException {
        try (layer4) {
            if (dinov2 == null) {
                table.skip(Table1Row.FUSION, "no --dinov2 was given");
            } else {
                fusion(table, rows, diffusion, layer4, dinov2);
            }
        }
        if (dift) {
            dift(table, rows, diffusion);
        } else {
            table.skip(Table1Row.DIFT, "no --dift was given");
        }
    }

    private static void fusion(
            Table1Command table,
            Table1Rows rows,
            Table1Rows.Features diffusion,
            FeatureAggregator layer4,
            Path checkpoint)
            throws IOException {
        table.with(pipeline("dinov2", checkpoint), Dinov2.paper(), (extractor, cached) -> {
            FeatureExtractor alone = diffusion.alone(layer4);
            try (FeatureAggregator tokens = raw(Dinov2.paper());
                    NDManager manager = Table1Command.runtime().newManager()) {
                rows.add(
                        Table1Row.FUSION,
                        0,
                        diffusion.grid().side(),
                        diffusion.cached().fingerprint()
                                + cached.fingerprint()
                                + layer4.name()
                                + Table1Rows.located(diffusion.grid()),
                        Finders.fusion(diffusion.cached(), layer4, cached, tokens, diffusion.grid()),
                        Finders.fusion(
                                FeatureSource.of(alone, manager, RunMonitor.NONE),
                                layer4,
                                FeatureSource.of(extractor, manager, RunMonitor.NONE),
                                tokens,
                                diffusion.grid()));
            }
        });
    }

    private static void dift(Table1Command table, Table1Rows rows, Table1Rows.Features diffusion) throws IOException {
        int own = diffusion
                .extractor()
                .withSettings(ExtractionSettings.inversion())
                .loadSize()
                .width();
        ExtractionSettings settings = Dift.of("");
        if (own < FULL_SIZE) {
            settings = settings.withLoadSize(own);
        }
        FeatureExtractor extractor = diffusion.extractor().withSettings(settings);
        MatchGrid grid = table.features(extractor, diffusion.cached()).grid();
        FeatureCache cache = table.openCache();
        try (NDManager manager = Table1Command.runtime().newManager();
                FeatureAggregator raw = raw(extractor.settings())) {
            rows.add(
                    Table1Row.DIFT,
                    0,
                    grid.side(),
                    extractor.fingerprint() + Table1Rows.located(grid),
                    byCategory(extractor, raw, grid, of -> cache.over(of, manager, RunMonitor.NONE)),
                    byCategory(extractor, raw, grid, of -> FeatureSource.of(of, manager, RunMonitor.NONE)));
        }
    }

    @FunctionalInterface
    private interface Source {
        FeatureSource of(FeatureExtractor extractor) throws IOException;
    }

    /** A finder for each category's prompt. */
    private static PointFinder byCategory(
            FeatureExtractor extractor, FeatureAggregator raw, MatchGrid grid, Source source) {
        Map<String, PointFinder> finders = new HashMap<>();
        return pair -> {
            PointFinder finder = finders.get(pair.category());
            if (finder == null) {
                ExtractionSettings prompted = extractor.settings().withPrompt("a photo of a " + pair.category());
                finder = Finders.descriptors(source.of(extractor.withSettings(prompted)), raw, grid);
                finders.put(pair.category(), finder);
            }
            return finder.find(pair);
        };
    }

    /** Rows of networks of their own. */
    void add(Table1Command table, Table1Rows rows) throws IOException {
        raw(table, rows, Table1Row.DINO, "dino", dino, "no --dino was given");
        raw(table, rows, Table1Row.DINOV2, "dinov2", dinov2, "no --dinov2 was given");
        if (dinov2 == null) {
            table.skip(Table1Row.OVER_DINOV2, "no --dinov2 was given");
        } else {
            ExtractionSettings all = Dinov2.paper().withLayers(List.of());
            table.with(pipeline("dinov2", dinov2), all, (extractor, cached) -> {
                table.trainedRow(
                        Table1Row.OVER_DINOV2, "train-over-dinov2", 0, rows, table.features(extractor, cached));
            });
        }
        hyperpixels(table, rows);
        if (dhpf == null || resnet == null) {
            table.skip(
                    Table1Row.DHPF,
                    dhpf == null ? "no --dhpf was given" : "--dhpf needs --resnet, which was not given");
        } else {
            try (DhpfFinder finder = DhpfFinder.open(resnet, dhpf, !later, Table1Command.runtime())) {
                String inputs = Digests.ofFile(resnet) + Digests.ofFile(dhpf) + later;
                rows.add(Table1Row.DHPF, 0, DhpfFinder.SIDE, inputs, finder, finder);
            }
        }
        if (cats == null) {
            table.skip(Table1Row.CATS, "no --catspp was given");
        } else {
            try (CatsPlusPlusFinder finder = CatsPlusPlusFinder.open(cats, Table1Command.runtime())) {
                rows.add(Table1Row.CATS, 0, CatsPlusPlusFinder.SIDE, Digests.ofFile(cats), finder, finder);
            }
        }
    }

    /** The paper's row of a network: one raw map. */
    private static void raw(
            Table1Command table, Table1Rows rows, Table1Row row, String backbone, @Nullable Path checkpoint, String why)
            throws IOException {
        ExtractionSettings settings = checkpoint == null
                ? null
                : pipeline(backbone, checkpoint).checkpoint().rawSettings();
        if (checkpoint == null || settings == null) {
            table.skip(row, why);
            return;
        }
        table.with(pipeline(backbone, checkpoint), settings, (extractor, cached) -> {
            rows.add(row, 0, table.features(extractor, cached), raw(extractor.settings()), "");
        });
    }

    private void hyperpixels(Table1Command table, Table1Rows rows) throws IOException {
        ExtractionSettings settings = resnet == null
                ? null
                : pipeline("resnet101", resnet).checkpoint().rawSettings();
        if (resnet == null || settings == null) {
            table.skip(Table1Row.HYPERPIXELS, "no --resnet was given");
            return;
        }
        table.with(pipeline("resnet101", resnet), settings, (extractor, cached) -> {
            Table1Rows.Features features = table.features(extractor, cached);
            int side = extractor.mapSize().width();
            rows.add(
                    Table1Row.HYPERPIXELS,
                    0,
                    features,
                    source -> Finders.concatenation(source, side, features.grid()),
                    "");
        });
    }

    private static DescriptorPipelineBuilder pipeline(String backbone, Path checkpoint) {
        return DescriptorPipeline.builder().backbone(backbone).model(checkpoint);
    }

    private static FeatureAggregator raw(ExtractionSettings settings) throws IOException {
        return DescriptorPipeline.builder().raw(settings).openAggregator();
    }
}
