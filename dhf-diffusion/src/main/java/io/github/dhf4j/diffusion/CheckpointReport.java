package io.github.dhf4j.diffusion;

import io.github.dhf4j.diffusion.model.AutoencoderKL;
import io.github.dhf4j.diffusion.model.CLIPTextConfig;
import io.github.dhf4j.diffusion.model.CLIPTextModel;
import io.github.dhf4j.diffusion.model.CLIPTextProjection;
import io.github.dhf4j.diffusion.model.UNet2DConditionConfig;
import io.github.dhf4j.diffusion.model.UNet2DConditionModel;
import io.github.dhf4j.diffusion.process.NoiseSchedule;
import io.github.dhf4j.io.TensorFile;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint is, from its configurations and the headers of its weight files; no weights are read.
 *
 * @param lines the parts, in words
 * @param problems what keeps it from being used; empty if nothing does
 */
public record CheckpointReport(List<String> lines, List<String> problems) {
    @FunctionalInterface
    private interface Part {
        String describe() throws IOException;
    }

    /**
     * Looks at a folder.
     *
     * @param path a checkpoint in the diffusers layout
     * @return the report
     */
    public static CheckpointReport of(Path path) {
        return of(path, null);
    }

    /**
     * Looks at a folder with the weights of another file in place of its UNet's.
     *
     * @param path a checkpoint in the diffusers layout
     * @param otherUNet a state dict in diffusers' keys; null for the folder's own
     * @return the report
     */
    public static CheckpointReport of(Path path, @Nullable Path otherUNet) {
        List<String> lines = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        DiffusersFolder folder;
        try {
            folder = DiffusersFolder.open(path, otherUNet);
        } catch (IOException e) {
            problems.add(String.valueOf(e.getMessage()));
            return new CheckpointReport(lines, problems);
        }
        List<Part> parts = new ArrayList<>(List.of(() -> unet(folder), () -> vae(folder)));
        for (PipelineFamily.Text text : folder.texts()) {
            parts.add(() -> text(folder, text));
            parts.add(() -> tokenizer(folder, text));
        }
        parts.add(() -> scheduler(folder));
        for (Part part : parts) {
            try {
                lines.add(part.describe());
            } catch (IOException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (problems.isEmpty()) {
            try {
                folder.requireFit();
                folder.openPrompts().close();
            } catch (IOException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        return new CheckpointReport(List.copyOf(lines), List.copyOf(problems));
    }

    private static String unet(DiffusersFolder folder) throws IOException {
        UNet2DConditionConfig config = folder.unetConfig();
        try (TensorFile file = folder.weights("unet");
                UNet2DConditionModel model = new UNet2DConditionModel(config, file)) {
            StringBuilder layers = new StringBuilder();
            for (int layer = 1; layer <= config.layers(); layer++) {
                layers.append(layer > 1 ? ", " : "").append(layer).append(": ").append(config.layerChannels(layer));
            }
            return "unet          " + parameters(model.parameterCount()) + types(file) + ", levels "
                    + config.blockOutChannels() + ", heads " + config.heads() + ", text width "
                    + config.crossAttentionDim() + ", latent " + config.inChannels() + " x " + config.sampleSize()
                    + " x " + config.sampleSize() + (config.textTime() == null ? "" : ", pooled text and sizes")
                    + (config.guidanceWidth() == 0 ? "" : ", guidance") + (config.midBlock() ? "" : ", no middle block")
                    + "\nlayers        " + config.layers() + " decoder layers, channels "
                    + layers;
        }
    }

    private static String vae(DiffusersFolder folder) throws IOException {
        try (TensorFile file = folder.weights("vae");
                AutoencoderKL model = new AutoencoderKL(folder.vaeConfig(), file)) {
            return "vae           " + parameters(model.parameterCount()) + types(file) + ", factor "
                    + model.config().factor() + ", scaling " + model.config().scalingFactor();
        }
    }

    private static String text(DiffusersFolder folder, PipelineFamily.Text text) throws IOException {
        CLIPTextConfig config = folder.textConfig(text.encoder());
        CLIPTextProjection.Config projection = text.pools() ? folder.projectionConfig(text.encoder()) : null;
        try (TensorFile file = folder.weights(text.encoder());
                CLIPTextModel model = TextPart.model(config, projection, file)) {
            return named(text.encoder()) + parameters(model.parameterCount()) + types(file) + ", " + config.layers()
                    + " layers, width " + config.hiddenSize() + ", " + (config.quickGelu() ? "quick_gelu" : "gelu")
                    + (projection == null ? "" : ", projected to " + projection.projectionDim());
        }
    }

    private static String tokenizer(DiffusersFolder folder, PipelineFamily.Text text) throws IOException {
        CLIPTextConfig config = folder.textConfig(text.encoder());
        try (ClipTokenizer tokenizer = ClipTokenizer.open(folder.file(text.tokenizer(), ""), config.maxPositions())) {
            return named(text.tokenizer()) + tokenizer.encode("").length + " tokens a prompt, padded with '"
                    + Texts.shown(tokenizer.pad()) + "', vocabulary " + config.vocabSize();
        }
    }

    private static String scheduler(DiffusersFolder folder) throws IOException {
        NoiseSchedule schedule = NoiseSchedule.read(folder.file("scheduler", "scheduler_config.json"));
        return "scheduler     " + schedule.trainTimesteps() + " timesteps, predicts "
                + (schedule.vPrediction() ? "v" : "noise (epsilon)")
                + (schedule.alphaCumprod(schedule.trainTimesteps() - 1) == 0 ? ", rescaled to end in noise alone" : "");
    }

    /** A part's name and what parts it from the rest; the longest name is one longer than the column. */
    private static String named(String part) {
        return part + " ".repeat(Math.max(1, 14 - part.length()));
    }

    private static String parameters(long count) {
        return String.format(java.util.Locale.ROOT, "%.2f M parameters", count / 1e6);
    }

    private static String types(TensorFile file) {
        return " ("
                + file.tensors().values().stream()
                        .map(info -> info.type().name())
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(", "))
                + ", "
                + Texts.bytes(file.tensors().values().stream()
                        .mapToLong(info -> info.bytes())
                        .sum()) + ")";
    }
}
