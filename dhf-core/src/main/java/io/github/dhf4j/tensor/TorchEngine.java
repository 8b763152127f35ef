package io.github.dhf4j.tensor;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtEngineProvider;
import ai.djl.util.Platform;
import io.github.dhf4j.io.Environment;
import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The tensor engine, started here and nowhere else: at the first use of it, whatever the thread's context class loader
 * is, and with one sentence where it does not start. A start that failed is tried again at the next use.
 */
public final class TorchEngine {
    private static final String NAME = "PyTorch";

    private static volatile @Nullable Engine started;

    private TorchEngine() {}

    /**
     * The engine, started if need be.
     *
     * @return DJL's PyTorch engine
     * @throws DhfException if it does not start; where natives are missing, the message names the artifacts to add
     */
    public static Engine get() {
        Engine engine = started;
        return engine != null ? engine : start();
    }

    private static synchronized Engine start() {
        Engine engine = started;
        if (engine == null) {
            Environment.shareCacheWithEngine();
            try {
                engine = OwnClassLoader.call(() -> {
                    if (!Engine.hasEngine(NAME)) {
                        // another loader looked for engines first, or a jar's service files were overwritten
                        Engine.registerEngine(new PtEngineProvider());
                    }
                    return Engine.getEngine(NAME);
                });
            } catch (RuntimeException | LinkageError e) {
                throw DhfException.saying(failure(e), e);
            }
            started = engine;
        }
        return engine;
    }

    /**
     * What the engine is called in reports.
     *
     * @return such as {@code PyTorch 2.7.1}
     */
    public static String nameAndVersion() {
        return NAME + " " + get().getVersion();
    }

    /**
     * Where to run by default.
     *
     * @return the first GPU if the engine has one, else the CPU
     */
    public static Device defaultDevice() {
        return get().defaultDevice();
    }

    /**
     * Says that the engine has a device, or throws.
     *
     * @param device any
     * @return the same
     * @throws IllegalArgumentException if it is a GPU that the engine does not have
     */
    public static Device require(Device device) {
        return Devices.require(device);
    }

    /**
     * Opens memory on a device.
     *
     * @param device where
     * @return a manager; the caller closes it
     * @throws IllegalArgumentException if the engine does not have the device
     */
    public static NDManager newManager(Device device) {
        return get().newBaseManager(require(device));
    }

    /**
     * Makes an empty model.
     *
     * @param name its name
     * @return a model; the caller closes it
     */
    public static Model newModel(String name) {
        get();
        return Model.newInstance(name, NAME);
    }

    private static String failure(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        List<String> missing = System.getenv("PYTORCH_LIBRARY_PATH") == null ? missing() : List.of();
        if (missing.isEmpty()) {
            return "the tensor engine must start, got: " + Texts.reason(e)
                    + (root == e ? "" : " (" + Texts.reason(root) + ")")
                    + (root instanceof FileSystemException ? "; " + Environment.CACHE_REMEDY : "");
        }
        Properties version = properties(TorchEngine.class.getClassLoader().getResource("pytorch-engine.properties"));
        String torch = version.getProperty("pytorch_version", "2.7.1");
        return "PyTorch's natives must be on the class path, got no " + String.join(" and no ", missing)
                + ", nor could they be fetched (" + Texts.reason(root)
                + "); add the artifacts ai.djl.pytorch:pytorch-jni:" + torch + "-"
                + version.getProperty("djl_version", "0.36.0") + " and ai.djl.pytorch:pytorch-native-cpu:" + torch
                + " with the classifier " + classifier();
    }

    /** Artifacts of natives that are not on the class path. */
    private static List<String> missing() {
        List<String> missing = new ArrayList<>();
        ClassLoader loader = TorchEngine.class.getClassLoader();
        if (loader.getResource("jnilib/pytorch.properties") == null) {
            missing.add("pytorch-jni");
        }
        try {
            boolean found = Collections.list(loader.getResources("native/lib/pytorch.properties")).stream()
                    .anyMatch(each -> classifier().equals(properties(each).getProperty("classifier")));
            if (!found) {
                missing.add("pytorch-native-cpu for " + classifier());
            }
        } catch (IOException e) {
            missing.add("readable pytorch-native-cpu");
        }
        return missing;
    }

    private static String classifier() {
        return Platform.fromSystem("pytorch").getClassifier();
    }

    private static Properties properties(@Nullable URL resource) {
        Properties properties = new Properties();
        if (resource != null) {
            try (InputStream in = resource.openStream()) {
                properties.load(in);
            } catch (IOException | IllegalArgumentException e) {
                // a jar that cannot be read any more: as if it were not there
                properties.clear();
            }
        }
        return properties;
    }
}
