package io.github.dhf4j.cli;

import io.github.dhf4j.HubModels;
import io.github.dhf4j.aggregation.AggregatorConfig;
import io.github.dhf4j.aggregation.AggregatorFile;
import io.github.dhf4j.aggregation.AggregatorNetwork;
import io.github.dhf4j.diffusion.CheckpointReport;
import io.github.dhf4j.feature.ExtractionProcess;
import io.github.dhf4j.feature.ExtractionSettings;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.TokenTaps;
import io.github.dhf4j.io.PathKind;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.TensorInfo;
import io.github.dhf4j.io.Texts;
import io.github.dhf4j.io.hub.ModelPath;
import io.github.dhf4j.spi.Checkpoint;
import io.github.dhf4j.spi.CheckpointSummary;
import io.github.dhf4j.spi.Providers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dhf inspect}. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description =
                "Say what a checkpoint folder or a weight file is: parts, parameters, layers, problems. Reads headers only.")
final class InspectCommand implements Callable<Integer> {
    private static final int LISTED = 40;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "DIR|FILE|NAME",
            description =
                    "By its path or its name on the hub (owner/name, owner/name/path/in/repo.pt): a folder in the diffusers layout, a checkpoint of another backbone, aggregation weights, or any safetensors or torch file.")
    private ModelPath given;

    @Option(
            names = "--unet",
            paramLabel = "FILE|NAME",
            description =
                    "Of diffusion checkpoints: weights that are to take the place of the UNet's, by path or by name on the hub (owner/name/file); whether they fit.")
    private @Nullable ModelPath unet;

    private Path path = Path.of("");

    @Override
    public Integer call() throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        HubModels models = CheckpointOptions.models();
        path = models.checkpoint(given, unet == null);
        Optional<Checkpoint> found = Providers.recognise(path);
        if (unet != null) {
            Path other = models.file(unet);
            found.ifPresent(checkpoint -> checkpoint.withUNet(other));
            return inspectFolder(print, other);
        }
        if (found.isPresent() && !found.get().accepts(ExtractionSettings.inversion())) {
            inspectBackbone(found.get(), print);
            return 0;
        }
        if (found.isEmpty() && !Files.isRegularFile(path)) {
            PathKind kind = PathKind.of(path);
            if (!Files.exists(path)) {
                throw kind.refused("path must be a checkpoint or a file of weights", path);
            }
            print.println("checkpoint    " + path);
            print.println("PROBLEM       " + kind.what() + "; " + kind.remedy());
            print.println("1 problem(s)");
            return 1;
        }
        if (Files.isDirectory(path)) {
            return inspectFolder(print, null);
        }
        try (TensorFile file = TensorFile.open(path)) {
            PathKind kind = PathKind.tensors(file);
            if (kind != null && kind.isAggregation()) {
                inspectWeights(print);
            } else {
                inspectTensors(print, file);
            }
        }
        return 0;
    }

    private void inspectBackbone(Checkpoint checkpoint, PrintWriter print) throws IOException {
        CheckpointSummary summary = checkpoint.inspect();
        print.println("checkpoint    " + path);
        print.println("backbone      " + checkpoint.backbone());
        print.printf("load size     %s, finest map %s cells%n", summary.loadSize(), summary.mapSize());
        print.printf(
                "layers        %s, channels %s%n",
                summary.layout().layers(), summary.layout().channels().values());
        if (summary.parameters() > 0) {
            print.printf(Locale.ROOT, "parameters    %.2f M%n", summary.parameters() / 1e6);
        }
        if (!summary.note().isEmpty()) {
            print.println("weights       " + summary.note());
        }
        ExtractionSettings raw = checkpoint.rawSettings();
        if (raw != null) {
            print.printf("by itself     matches with layers %s%n", raw.layers());
        }
        print.println("no problems");
    }

    private int inspectFolder(PrintWriter print, @Nullable Path otherUNet) {
        CheckpointReport report = CheckpointReport.of(path, otherUNet);
        print.println("checkpoint    " + path + (otherUNet == null ? "" : " with UNet " + otherUNet));
        report.lines().forEach(print::println);
        for (String problem : report.problems()) {
            print.println("PROBLEM       " + problem);
        }
        print.println(
                report.problems().isEmpty() ? "no problems" : report.problems().size() + " problem(s)");
        return report.problems().isEmpty() ? 0 : 1;
    }

    private void inspectWeights(PrintWriter print) throws IOException {
        try (AggregatorFile file = AggregatorFile.open(path)) {
            AggregatorConfig config = file.config();
            print.println("aggregation weights " + path);
            config.networks().forEach(network -> inspectNetwork(network, print));
            print.printf("descriptors   %d x %d x %d%n", config.projectionDim(), config.mapSize(), config.mapSize());
            print.printf(Locale.ROOT, "parameters    %.2f M%n", file.parameterCount() / 1e6);
            print.println("provenance    " + file.provenance());
            print.println("no problems");
        }
    }

    private static void inspectNetwork(AggregatorNetwork network, PrintWriter print) {
        ExtractionProcess process = network.settings().process();
        print.printf(
                "made for      %s, load size %d%n",
                network.modelId(), network.settings().loadSize());
        if (network.fingerprint() != null) {
            print.println("fingerprint   " + network.fingerprint());
        }
        print.printf(
                "process       %s, T = %d, save indices %s, prompt '%s'%n",
                process.word(), process.timesteps(), process.saveIndices(), process.prompt());
        if (network.settings().taps() instanceof TokenTaps tokens) {
            print.println("tokens        " + RunSettings.words(tokens));
        }
        print.printf("layers        %s, channels %s%n", network.layers(), network.dims());
    }

    private static void inspectTensors(PrintWriter print, TensorFile file) {
        Map<String, TensorInfo> tensors = file.tensors();
        String types = tensors.values().stream()
                .collect(Collectors.groupingBy(info -> info.type().name(), TreeMap::new, Collectors.counting()))
                .toString();
        PathKind kind = PathKind.tensors(file);
        if (kind != null) {
            print.println("kind          " + kind.what());
        }
        print.printf(
                "file          %s: %d tensors, %s, types %s%n",
                file.path(),
                tensors.size(),
                Texts.bytes(
                        tensors.values().stream().mapToLong(TensorInfo::bytes).sum()),
                types);
        long maps = tensors.keySet().stream()
                .filter(name -> FeatureKey.parse(name) != null)
                .count();
        if (maps > 0) {
            print.printf("feature maps  %d%n", maps);
        }
        file.metadata()
                .forEach((key, value) -> print.printf(
                        "metadata      %s: %s%n", key, value.length() > 300 ? value.substring(0, 300) + "..." : value));
        tensors.values().stream().limit(LISTED).forEach(info -> print.println("  " + info));
        if (tensors.size() > LISTED) {
            print.println("  ... and " + (tensors.size() - LISTED) + " more");
        }
    }
}
