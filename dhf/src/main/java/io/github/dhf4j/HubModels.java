package io.github.dhf4j;

import ai.djl.ndarray.types.DataType;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.io.hub.Hub;
import io.github.dhf4j.io.hub.HubId;
import io.github.dhf4j.io.hub.HubSettings;
import io.github.dhf4j.io.hub.ModelPath;
import io.github.dhf4j.io.hub.PublishedFiles;
import io.github.dhf4j.io.hub.ReleaseAsset;
import io.github.dhf4j.io.hub.Releases;
import io.github.dhf4j.spi.Providers;
import io.github.dhf4j.spi.WantedParts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints and weights as users name them: paths stay what they are, names of the hub are fetched, as far as they are
 * needed, or found in the cache. For what takes paths only:
 * {@code HubModels.standard(RunMonitor.NONE).checkpoint(ModelPath.of("facebook/dinov2-small"))}.
 */
public final class HubModels {
    /** Names of weights that are found inside a checkpoint's folder, the best first. */
    static final List<String> WEIGHTS_BESIDE = List.of(
            "aggregator.safetensors", "aggregation_network.safetensors", "aggregation_network.pt", "marco_release.pth");

    private final Supplier<HubSettings> settings;
    private final RunMonitor monitor;
    private final DataType dtype;
    private @Nullable Hub hub;

    /**
     * A way to the hub, on which nothing is asked yet.
     *
     * @param settings where it is; asked for when a name comes
     * @param monitor hears of downloads, a step a megabyte, and may cancel them
     * @param dtype in which networks are to run: where there are several precisions the nearest is fetched
     */
    public HubModels(Supplier<HubSettings> settings, RunMonitor monitor, DataType dtype) {
        this.settings = settings;
        this.monitor = monitor;
        this.dtype = dtype;
    }

    /**
     * The hub of this process' environment, for networks in float32.
     *
     * @param monitor hears of downloads, a step a megabyte, and may cancel them
     * @return on which nothing is asked yet
     */
    public static HubModels standard(RunMonitor monitor) {
        return new HubModels(HubSettings::standard, monitor, DataType.FLOAT32);
    }

    private synchronized Hub hub() {
        if (hub == null) {
            hub = new Hub(settings.get(), monitor);
        }
        return hub;
    }

    /**
     * A checkpoint of any backbone, with aggregation weights that lie beside it.
     *
     * @param given a path, or the name of a repository or of a file in one
     * @return its folder or file; a path as it is, whether or not it is there
     * @throws io.github.dhf4j.io.hub.HubException saying why it cannot be had
     * @throws IOException if the repository holds no checkpoint, or the cache cannot be read or written
     */
    public Path checkpoint(ModelPath given) throws IOException {
        return checkpoint(given, true);
    }

    /**
     * A checkpoint, without a diffusion checkpoint's UNet where another file's weights take its place.
     *
     * @param given a path, or the name of a repository or of a file in one
     * @param unet whether the UNet's weights are fetched too
     * @return its folder or file; a path as it is, whether or not it is there
     * @throws io.github.dhf4j.io.hub.HubException saying why it cannot be had
     * @throws IOException if the repository holds no checkpoint, or the cache cannot be read or written
     */
    public Path checkpoint(ModelPath given, boolean unet) throws IOException {
        HubId id = given.id().orElse(null);
        if (id == null) {
            return given.local().orElseThrow();
        }
        WantedParts wanted = new WantedParts(dtype, unet);
        return id.path().isEmpty() ? hub().snapshot(id, files -> select(files, wanted)) : hub().file(id);
    }

    private static List<String> select(PublishedFiles files, WantedParts wanted) throws IOException {
        List<String> chosen = new ArrayList<>(Providers.select(files, wanted));
        WEIGHTS_BESIDE.stream().filter(files.names()::contains).findFirst().ifPresent(chosen::add);
        return chosen;
    }

    /**
     * One file, such as of weights.
     *
     * @param given a path, or the name of a file in a repository
     * @return the file; a path as it is, whether or not it is there
     * @throws io.github.dhf4j.io.hub.HubException saying why it cannot be had
     * @throws IOException if the cache cannot be read or written
     * @throws IllegalArgumentException if the name is that of a repository
     */
    public Path file(ModelPath given) throws IOException {
        HubId id = given.id().orElse(null);
        return id == null ? given.local().orElseThrow() : hub().file(id);
    }

    /**
     * A file of a release.
     *
     * @param asset which
     * @return where it lies in the cache
     * @throws io.github.dhf4j.io.hub.HubException saying why it cannot be had
     * @throws IOException if the cache cannot be read or written
     */
    public Path release(ReleaseAsset asset) throws IOException {
        return new Releases(settings.get(), monitor).file(asset);
    }
}
