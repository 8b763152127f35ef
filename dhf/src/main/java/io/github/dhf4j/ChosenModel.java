package io.github.dhf4j;

import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.io.hub.HubException;
import io.github.dhf4j.io.hub.HubId;
import io.github.dhf4j.io.hub.HubSettings;
import io.github.dhf4j.io.hub.ModelPath;
import io.github.dhf4j.io.hub.ReleaseAsset;
import io.github.dhf4j.spi.FeatureExtractorProvider;
import io.github.dhf4j.spi.Providers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoint and the weights that a builder was told, and where they lie; names are fetched when they are asked for. */
final class ChosenModel {
    private static final Logger LOG = LoggerFactory.getLogger(DescriptorPipeline.class);

    private @Nullable ModelPath model;
    private @Nullable ModelPath weights;
    private @Nullable ModelPath unet;
    private @Nullable Preset preset;
    private @Nullable Preset announced;
    private @Nullable Path checkpointPath;
    private @Nullable Path weightsPath;
    private @Nullable Path weightsBeside; // once they were found, the run says so, whatever becomes of the folder
    private @Nullable Path unetPath;
    private @Nullable Path adaptersPath;
    private @Nullable Path bundled;

    void model(ModelPath given) {
        requireOne(given, preset);
        model = given;
        checkpointPath = null;
    }

    private static void requireOne(@Nullable ModelPath model, @Nullable Preset preset) {
        if (model != null && preset != null) {
            throw new IllegalArgumentException("one of model and preset must be given, got " + model + " and "
                    + preset.name() + "; leave one out");
        }
    }

    /** What is bundled of one backbone is not what is of another. */
    void otherBackbone() {
        bundled = null;
    }

    void weights(ModelPath given) {
        weights = given;
        weightsPath = null;
    }

    void unet(ModelPath given) {
        unet = given;
        unetPath = null;
        checkpointPath = null;
    }

    void preset(Preset given) {
        requireOne(model, given);
        preset = given;
        unetPath = null;
        checkpointPath = null;
        weightsPath = null;
        adaptersPath = null;
    }

    boolean hasWeights() {
        return weights != null;
    }

    @Nullable
    Preset preset() {
        return preset;
    }

    /** Whether nobody named a checkpoint, by no way. */
    boolean isBundled() {
        return preset == null && named() == null;
    }

    private @Nullable ModelPath named() {
        return model != null ? model : environment(Environment.model());
    }

    private static @Nullable ModelPath environment(@Nullable String text) {
        return text == null ? null : ModelPath.of(text);
    }

    /** The checkpoint's folder or file. */
    Path checkpoint(@Nullable String backbone, HubModels models) throws IOException {
        Path known = checkpointPath;
        if (known != null) {
            return known;
        }
        ModelPath named = named();
        Path path;
        if (preset != null) {
            path = fetched(preset, models);
        } else if (named != null) {
            path = models.checkpoint(named, unet == null);
        } else {
            if (bundled == null) {
                FeatureExtractorProvider provider = Providers.extractor(backbone);
                bundled = provider.bundledCheckpoint();
            }
            path = bundled;
        }
        if (path == null) {
            throw new IllegalArgumentException("a checkpoint must be given for backbone " + backbone
                    + ", of which none is bundled, got none; name one (model(...), --model)");
        }
        // the environment may name another one later
        checkpointPath = preset == null && model == null ? null : path;
        return path;
    }

    /** The UNet that takes the place of the checkpoint's: the one that was named, else the preset's, else none. */
    private @Nullable ModelPath unet() {
        HubId published = preset == null ? null : preset.unet();
        return unet != null || published == null ? unet : ModelPath.of(HubId.PREFIX + published);
    }

    /** Its file; null for none. */
    @Nullable
    Path unet(HubModels models) throws IOException {
        ModelPath named = unet();
        if (unetPath == null && named != null) {
            if (preset != null) {
                announce(preset);
            }
            unetPath = models.file(named);
        }
        return unetPath;
    }

    /** Once, before anything is fetched. */
    private void announce(Preset about) {
        if (!about.equals(announced)) {
            about.notice().lines().forEach(LOG::info);
            announced = about;
        }
    }

    private Path fetched(Preset preset, HubModels models) throws IOException {
        announce(preset);
        HubException refused = null;
        for (HubId id : preset.models()) {
            if (refused != null) {
                LOG.info("{}; {} is tried", refused.getMessage(), id);
            }
            try {
                return models.checkpoint(ModelPath.of(HubId.PREFIX + id), unet() == null);
            } catch (HubException e) {
                if (!e.isAboutRepository()) {
                    throw e;
                }
                refused = e;
            }
        }
        if (refused == null) {
            throw new IllegalArgumentException("preset must name a model, got none (" + preset.name() + ")");
        }
        throw refused;
    }

    /** The weights that were named, else those of the preset, else those in the checkpoint's folder, else none. */
    @Nullable
    Path weights(@Nullable String backbone, HubModels models) throws IOException {
        if (weightsPath != null) {
            return weightsPath;
        }
        if (weights != null) {
            weightsPath = models.file(weights);
            return weightsPath;
        }
        if (preset != null) {
            HubId published = preset.weights();
            if (published != null) {
                announce(preset);
                weightsPath = models.file(ModelPath.of(HubId.PREFIX + published));
            }
            return weightsPath;
        }
        ModelPath named = model != null ? null : environment(Environment.weights());
        if (named != null) {
            return models.file(named);
        }
        Path checkpoint = checkpoint(backbone, models);
        Path found = weightsBeside;
        if (found == null || !checkpoint.equals(found.getParent())) {
            found = HubModels.WEIGHTS_BESIDE.stream()
                    .map(checkpoint::resolve)
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElse(null);
            weightsBeside = found;
        }
        return found;
    }

    /** What may be adapters: the preset's, or local weights; those that are a name only where {@code fetch} says so. Null for none. */
    @Nullable
    Path adapters(@Nullable String backbone, HubModels models, boolean fetch) throws IOException {
        if (preset != null && weights == null) {
            ReleaseAsset published = preset.adapters();
            if (published != null && adaptersPath == null) {
                announce(preset);
                adaptersPath = models.release(published);
            }
            return published == null ? null : adaptersPath;
        }
        ModelPath named = weights != null ? null : environment(Environment.weights());
        boolean isName = named != null && named.id().isPresent();
        return isName && !fetch ? null : weights(backbone, models);
    }

    /** A way to the hub, on which nothing is asked yet. */
    static HubModels hub(@Nullable HubSettings settings, RunMonitor monitor, DataType dtype) {
        Supplier<HubSettings> source = settings == null ? HubSettings::standard : () -> settings;
        return new HubModels(source, monitor, dtype);
    }
}
