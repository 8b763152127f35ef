package io.github.dhf4j.spark;

import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import io.github.dhf4j.DescriptorPipeline;
import io.github.dhf4j.DescriptorPipelineBuilder;
import io.github.dhf4j.Preset;
import io.github.dhf4j.feature.CallBudget;
import io.github.dhf4j.tensor.Devices;
import io.github.dhf4j.tensor.TorchEngine;
import io.github.dhf4j.tensor.TorchRuntime;
import java.io.Serializable;
import org.apache.spark.SparkFiles;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link DescriptorPipelineBuilder} is told, in a form that travels to executors. Nothing is opened by it: a JVM
 * opens a pipeline of a recipe once and its tasks share it.
 *
 * <p>Checkpoints, weights and UNets are named as everywhere: by a path that all nodes see, or by name on the hub
 * ({@code owner/name}), which is fetched once a node into the hub's cache, under its lock. A third way is {@code
 * spark-file:NAME} for what {@code --files} or {@code --archives FILE.zip#NAME} sent along.
 *
 * @param model the checkpoint; null for what {@code DHF_MODEL} names on the executors, else the bundled one
 * @param weights aggregation weights; null for those in the checkpoint's folder
 * @param unet weights that take the place of the checkpoint's UNet; null for its own
 * @param preset a {@link Preset}'s name in place of a checkpoint; null for none
 * @param rawLayer the layer whose raw map is taken, of weights none; null for weights
 * @param rawSaveIndex the save index of the raw layer; null for {@link DescriptorPipeline#DEFAULT_RAW_SAVE_INDEX}
 * @param calls how many network calls an image takes: a number or {@code paper}; null for the builder's default
 * @param dtype {@code float32}, {@code float16} or {@code bfloat16}
 * @param device {@code cpu}, {@code gpu}, {@code gpu:1} or {@code mps}; null for the engine's first GPU, else the CPU
 * @param threads of the engine, in each call of it; null for the executor's cores
 * @serial exclude
 */
// javadoc wants that tag where a record is serializable, Error Prone knows it of classes alone
@SuppressWarnings("InvalidBlockTag")
public record PipelineRecipe(
        @Nullable String model,
        @Nullable String weights,
        @Nullable String unet,
        @Nullable String preset,
        @Nullable Integer rawLayer,
        @Nullable Integer rawSaveIndex,
        @Nullable String calls,
        String dtype,
        @Nullable String device,
        @Nullable Integer threads)
        implements Serializable {
    /** Stands before the name of what Spark sent along. */
    public static final String SENT = "spark-file:";

    /** The environment's model, else the bundled one, in float32. */
    public static final PipelineRecipe DEFAULT =
            new PipelineRecipe(null, null, null, null, null, null, null, "float32", null, null);

    /**
     * Checks what can be checked without a checkpoint.
     *
     * @param model as above
     * @param weights as above
     * @param unet as above
     * @param preset as above
     * @param rawLayer as above
     * @param rawSaveIndex as above
     * @param calls as above
     * @param dtype as above
     * @param device as above
     * @param threads as above
     * @throws IllegalArgumentException naming what cannot be meant
     */
    public PipelineRecipe {
        if (model != null && preset != null) {
            throw new IllegalArgumentException(
                    "one of model and preset must be given, got " + model + " and " + preset + "; leave one out");
        }
        if (rawSaveIndex != null && rawLayer == null) {
            throw new IllegalArgumentException(
                    "a raw save index is of a raw layer, got " + rawSaveIndex + " without one; name the layer");
        }
        if (rawLayer != null && weights != null) {
            throw new IllegalArgumentException("one of weights and raw layer must be given, got " + weights + " and "
                    + rawLayer + "; leave one out");
        }
        if (threads != null && threads < 1) {
            throw new IllegalArgumentException("threads must be 1 or more, got " + threads);
        }
        if (preset != null) {
            Preset.of(preset);
        }
        if (calls != null) {
            CallBudget.of(calls);
        }
        if (device != null && Devices.named(device).isEmpty()) {
            throw new IllegalArgumentException("device must be cpu, gpu, gpu:1 or mps, got '" + device + "'");
        }
        type(dtype);
    }

    /**
     * Of a checkpoint.
     *
     * @param name a path, a name of the hub, or {@code spark-file:NAME}
     * @return a changed copy, without a preset
     */
    public PipelineRecipe withModel(String name) {
        return new PipelineRecipe(name, weights, unet, null, rawLayer, rawSaveIndex, calls, dtype, device, threads);
    }

    /**
     * With aggregation weights.
     *
     * @param name a path, a name of the hub, or {@code spark-file:NAME}
     * @return a changed copy, without a raw layer
     */
    public PipelineRecipe withWeights(String name) {
        return new PipelineRecipe(model, name, unet, preset, null, null, calls, dtype, device, threads);
    }

    /**
     * With another UNet.
     *
     * @param name a path, a name of the hub, or {@code spark-file:NAME}
     * @return a changed copy
     */
    public PipelineRecipe withUnet(String name) {
        return new PipelineRecipe(model, weights, name, preset, rawLayer, rawSaveIndex, calls, dtype, device, threads);
    }

    /**
     * Of a published model with how it is matched with.
     *
     * @param name a {@link Preset}'s
     * @return a changed copy, without a model
     */
    public PipelineRecipe withPreset(String name) {
        return new PipelineRecipe(null, weights, unet, name, rawLayer, rawSaveIndex, calls, dtype, device, threads);
    }

    /**
     * By the raw map of one layer, which needs no weights.
     *
     * @param layer decoder layer, 1..L
     * @param saveIndex save index of fifty timesteps, 49 the cleanest
     * @return a changed copy, without weights
     */
    public PipelineRecipe withRaw(int layer, int saveIndex) {
        return new PipelineRecipe(model, null, unet, preset, layer, saveIndex, calls, dtype, device, threads);
    }

    /**
     * With a number of network calls an image.
     *
     * @param number 1 or more as digits, or {@code paper}
     * @return a changed copy
     */
    public PipelineRecipe withCalls(String number) {
        return new PipelineRecipe(model, weights, unet, preset, rawLayer, rawSaveIndex, number, dtype, device, threads);
    }

    /**
     * Run in another type.
     *
     * @param type {@code float32}, {@code float16} or {@code bfloat16}
     * @return a changed copy
     */
    public PipelineRecipe withDtype(String type) {
        return new PipelineRecipe(model, weights, unet, preset, rawLayer, rawSaveIndex, calls, type, device, threads);
    }

    /**
     * Run somewhere else.
     *
     * @param name {@code cpu}, {@code gpu}, {@code gpu:1} or {@code mps}
     * @return a changed copy
     */
    public PipelineRecipe withDevice(String name) {
        return new PipelineRecipe(model, weights, unet, preset, rawLayer, rawSaveIndex, calls, dtype, name, threads);
    }

    /**
     * With another number of the engine's threads.
     *
     * @param count 1 or more; no more than the machine's cores are used
     * @return a changed copy
     */
    public PipelineRecipe withThreads(int count) {
        return new PipelineRecipe(model, weights, unet, preset, rawLayer, rawSaveIndex, calls, dtype, device, count);
    }

    /** For figures: the paper's walk unless another is asked for, as {@code dhf eval}. */
    PipelineRecipe exact() {
        return calls == null ? withCalls(CallBudget.PAPER.toString()) : this;
    }

    /**
     * The builder that was told all of this. Called where the pipeline is opened, since {@code spark-file:} names are
     * of that JVM.
     *
     * @return a builder of its own; nothing is opened or fetched yet but the engine is started, to know its devices
     */
    public DescriptorPipelineBuilder builder() {
        DescriptorPipelineBuilder builder = DescriptorPipeline.builder();
        if (preset != null) {
            builder.preset(Preset.of(preset));
        }
        if (model != null) {
            builder.model(place(model));
        }
        if (weights != null) {
            builder.weights(place(weights));
        }
        if (unet != null) {
            builder.unet(place(unet));
        }
        if (rawLayer != null) {
            builder.raw(rawLayer, rawSaveIndex == null ? DescriptorPipeline.DEFAULT_RAW_SAVE_INDEX : rawSaveIndex);
        }
        if (calls != null) {
            builder.calls(CallBudget.of(calls));
        }
        return builder.runtime(runtime());
    }

    /** Where the pipeline runs, in this JVM. */
    TorchRuntime runtime() {
        return new TorchRuntime(
                device == null
                        ? TorchEngine.defaultDevice()
                        : Devices.named(device).orElseThrow(),
                type(dtype));
    }

    /**
     * What descriptors are a function of beside the image, as far as the driver can know it without opening anything:
     * all but the number of threads.
     *
     * @return JSON of what was chosen, one line
     */
    String key() {
        JsonObject json = new JsonObject();
        add(json, "model", model);
        add(json, "weights", weights);
        add(json, "unet", unet);
        add(json, "preset", preset);
        if (rawLayer != null) {
            json.addProperty("raw_layer", rawLayer);
            json.addProperty(
                    "raw_save_index", rawSaveIndex == null ? DescriptorPipeline.DEFAULT_RAW_SAVE_INDEX : rawSaveIndex);
        }
        add(json, "calls", calls);
        add(json, "dtype", dtype);
        return json.toString();
    }

    private static void add(JsonObject json, String name, @Nullable String value) {
        if (value != null) {
            json.addProperty(name, value);
        }
    }

    private static String place(String name) {
        return name.startsWith(SENT) ? SparkFiles.get(name.substring(SENT.length())) : name;
    }

    private static DataType type(String dtype) {
        return TorchRuntime.type(dtype)
                .orElseThrow(() -> new IllegalArgumentException(
                        "dtype must be float32, float16 or bfloat16, got '" + dtype + "'; name one"));
    }
}
