package io.github.dhf4j.djl;

import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.Preset;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.io.hub.ModelPath;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a DJL model's arguments say of a pipeline. DJL has arguments of its own among them, so unknown ones are passed over.
 *
 * @param folder the model's, from which relative paths go, and the checkpoint where no argument names one
 * @param arguments texts, numbers or paths by name
 */
record PipelineArguments(Path folder, Map<String, ?> arguments) {
    DescriptorPipelineBuilder builder() {
        DescriptorPipelineBuilder builder = DescriptorPipeline.builder();
        String model = text("model");
        String preset = text("preset");
        if (preset != null) {
            builder.preset(Preset.of(preset));
        }
        if (model != null) {
            builder.model(place(model));
        } else if (preset == null) {
            builder.model(folder);
        }
        String weights = text("weights");
        if (weights != null) {
            builder.weights(place(weights));
        }
        String unet = text("unet");
        if (unet != null) {
            builder.unet(place(unet));
        }
        if (text("rawLayer") != null) {
            builder.raw(number("rawLayer", 0), number("rawSaveIndex", DescriptorPipeline.DEFAULT_RAW_SAVE_INDEX));
        }
        String calls = text("calls");
        if (calls != null) {
            builder.calls(CallBudget.of(calls));
        }
        return builder;
    }

    private @Nullable String text(String name) {
        Object value = arguments.get(name);
        return value == null ? null : value.toString();
    }

    private int number(String name, int otherwise) {
        String text = text(name);
        try {
            return text == null ? otherwise : Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "argument " + name + " must be a whole number, got " + text + " (" + folder + ")", e);
        }
    }

    /** What lies in the folder by that name, else what the name is by itself. */
    private ModelPath place(String name) {
        try {
            Path inside = folder.resolve(name);
            return Files.exists(inside) ? ModelPath.of(inside) : ModelPath.of(name);
        } catch (InvalidPathException e) {
            return ModelPath.of(name);
        }
    }
}
