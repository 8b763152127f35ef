package io.github.dhf4j.data;

import ai.djl.ndarray.NDManager;
import io.github.dhf4j.feature.FeatureExtractor;
import io.github.dhf4j.feature.FeatureKey;
import io.github.dhf4j.feature.FeatureStack;
import io.github.dhf4j.feature.RunMonitor;
import io.github.dhf4j.image.RgbImage;
import io.github.dhf4j.image.Size;
import io.github.dhf4j.io.Checksums;
import io.github.dhf4j.io.Digests;
import io.github.dhf4j.io.HostTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks into the cache first, and runs the network for what is not there. */
final class CachedFeatureSource extends NetworkFeatureSource {
    private static final Logger LOG = LoggerFactory.getLogger(CachedFeatureSource.class);
    private static final String FORM = "dhf features 1";
    private static final String CHECKSUM = "crc32c";

    private record Image(Path path, long size, long changed, boolean mirrored) {}

    private record Known(String key, Size size) {}

    private final FeatureCache cache;
    private final String fingerprint;
    private final Map<Image, Known> known = new ConcurrentHashMap<>();
    private final Set<Path> intact = ConcurrentHashMap.newKeySet();

    CachedFeatureSource(FeatureCache cache, FeatureExtractor extractor, NDManager manager, RunMonitor monitor)
            throws IOException {
        super(extractor, manager, monitor);
        this.cache = cache;
        this.fingerprint = extractor.fingerprint();
    }

    @Override
    public ImageFeatures features(Path image, boolean mirrored) throws IOException {
        Known at = know(image, mirrored);
        Path file = cache.path(at.key());
        FeatureStack stack = openIfIntact(file);
        if (stack == null) {
            // what was just made is not read back: another process may have evicted it already
            stack = make(image, mirrored, file);
        } else {
            cache.touch(file);
        }
        return new ImageFeatures(stack, at.size(), loadSize(), placing(), origin());
    }

    /** The key of an image file; its pixels are read once for each version of the file. */
    private Known know(Path image, boolean mirrored) throws IOException {
        if (!Files.isRegularFile(image)) {
            throw new IOException("image must exist, got no file " + image + "; check the data set's folder");
        }
        Image version = new Image(
                image.toAbsolutePath(),
                Files.size(image),
                Files.getLastModifiedTime(image).toMillis(),
                mirrored);
        Known at = known.get(version);
        if (at == null) {
            RgbImage picture = RgbImage.read(image);
            String pixels = Digests.of(picture.samples());
            String what = String.join(
                    "\n", FORM, fingerprint, pixels, picture.size().toString(), mirrored + " " + cache.type());
            at = new Known(Digests.of(what), picture.size());
            known.put(version, at);
        }
        return at;
    }

    private @Nullable FeatureStack openIfIntact(Path file) {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            FeatureStack stack = FeatureStack.open(file, manager());
            if (intact.contains(file)
                    || Checksums.ofTensors(file).equals(stack.metadata().get(CHECKSUM))) {
                intact.add(file);
                return stack;
            }
            stack.close();
            LOG.warn("features in the cache were damaged and are made again ({})", file);
        } catch (NoSuchFileException e) {
            LOG.debug("{} went before it was opened", file);
        } catch (IOException e) {
            LOG.warn(
                    "features in the cache were torn and are made again ({}: {})",
                    file,
                    io.github.dhf4j.io.Texts.reason(e));
        }
        return null;
    }

    private FeatureStack make(Path image, boolean mirrored, Path file) throws IOException {
        FeatureStack stack = run(RgbImage.read(image), mirrored, cache.type());
        try {
            keep(stack, image.getFileName() + (mirrored ? " (mirrored)" : ""), file);
            return stack;
        } catch (IOException | RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    private void keep(FeatureStack stack, String image, Path file) throws IOException {
        CRC32C checksum = new CRC32C();
        for (FeatureKey key : stack.keys()) {
            checksum.update(HostTensors.bytes(stack.get(key)));
        }
        Map<String, String> metadata =
                Map.of(CHECKSUM, Long.toHexString(checksum.getValue()), "image", image, "source", name());
        try {
            Files.createDirectories(file.getParent());
            stack.save(file, Map.of(), metadata);
        } catch (IOException e) {
            throw new IOException(
                    "features must be kept in the cache, got " + e + " (" + cache.folder()
                            + "); free space there, or name another folder with --cache, or DHF_CACHE (-Ddhf.cache)",
                    e);
        }
        cache.written(file);
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }
}
