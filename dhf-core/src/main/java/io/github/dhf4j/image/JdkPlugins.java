package io.github.dhf4j.image;

import io.github.dhf4j.io.Texts;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.concurrent.ConcurrentHashMap;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.IIOServiceProvider;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ImageWriterSpi;

/**
 * The JDK's own readers and writers of images, by name. Asking {@link ImageIO} for one gives whatever plug-in the
 * context class loader of the thread saw first, and other plug-ins give other pixels.
 */
final class JdkPlugins {
    private static final Map<String, IIOServiceProvider> FOUND = new ConcurrentHashMap<>();

    private JdkPlugins() {}

    /** A new reader; the caller disposes of it. */
    static ImageReader reader(ImageFormat format) throws IOException {
        return find(ImageReaderSpi.class, format + "ImageReaderSpi").createReaderInstance();
    }

    /** A new writer; the caller disposes of it. */
    static ImageWriter writer(ImageFormat format) throws IOException {
        return find(ImageWriterSpi.class, format + "ImageWriterSpi").createWriterInstance();
    }

    private static <T extends IIOServiceProvider> T find(Class<T> kind, String name) throws IOException {
        IIOServiceProvider known = FOUND.get(name);
        if (known == null) {
            for (Iterator<T> all = all(kind); known == null && all.hasNext(); ) {
                T one = all.next();
                if (one.getClass().getModule() == ImageIO.class.getModule()
                        && one.getClass().getSimpleName().equals(name)) {
                    known = one;
                }
            }
            if (known == null) {
                throw new IOException("the JDK's " + name + " must be registered with javax.imageio, got none;"
                        + " this program took it out of the registry: leave it there");
            }
            FOUND.put(name, known);
        }
        return kind.cast(known);
    }

    private static <T extends IIOServiceProvider> Iterator<T> all(Class<T> kind) throws IOException {
        try {
            return IIORegistry.getDefaultInstance().getServiceProviders(kind, false);
        } catch (ServiceConfigurationError e) {
            throw new IOException(
                    "image plug-ins of this program must load, got " + Texts.reason(e)
                            + "; mend or remove the one that is named",
                    e);
        }
    }
}
