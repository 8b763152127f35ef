package io.github.dhf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dhf4j.spi.FeatureAggregatorProvider;
import io.github.dhf4j.spi.FeatureExtractorProvider;
import io.github.dhf4j.spi.Providers;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Providers in programs whose class path or class loaders are set up otherwise than ours. */
class ProvidersTest {
    /** All classes anew, of service files only as many as one jar keeps where others overwrote the rest. */
    private static final class FatJar extends URLClassLoader {
        private final int kept;

        FatJar(int kept) {
            super(classPath(), ClassLoader.getPlatformClassLoader());
            this.kept = kept;
        }

        private static URL[] classPath() {
            return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(entry -> {
                        try {
                            return Path.of(entry).toUri().toURL();
                        } catch (MalformedURLException e) {
                            throw new IllegalArgumentException(entry, e);
                        }
                    })
                    .toArray(URL[]::new);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            List<URL> all = Collections.list(super.getResources(name));
            return Collections.enumeration(
                    name.startsWith("META-INF/services/io.github.dhf4j")
                            ? all.subList(0, Math.min(kept, all.size()))
                            : all);
        }
    }

    private static @Nullable Object called(ClassLoader loader, String method, @Nullable Object... arguments)
            throws Throwable {
        Class<?> providers = loader.loadClass(Providers.class.getName());
        Class<?>[] types =
                method.equals("find") ? new Class<?>[] {Class.class, String.class} : new Class<?>[] {String.class};
        try {
            return providers.getMethod(method, types).invoke(null, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Test
    void overwrittenServiceFilesMustBeMerged() throws Exception {
        try (FatJar jar = new FatJar(0)) {
            Class<?> seam = jar.loadClass(FeatureAggregatorProvider.class.getName());
            assertThatThrownBy(() -> called(jar, "find", seam, "dhf-aggregation"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("META-INF/services/" + seam.getName() + " must name AggregationProvider")
                    .hasMessageContaining("ServicesResourceTransformer")
                    .message()
                    .hasSizeLessThan(400);
            assertThatThrownBy(() -> called(jar, "extractor", new Object[] {null}))
                    .hasMessageContaining("must be merged");
        }
        // which of the two files with extractors is kept depends on the order of the class path
        try (FatJar jar = new FatJar(1)) {
            for (String[] words : new String[][] {{"dino", "diffusion"}, {"diffusion", "dino"}}) {
                if (isThere(jar, words[0])) {
                    assertThatThrownBy(() -> called(jar, "extractor", words[1]))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("must be merged");
                }
            }
        }
    }

    private static boolean isThere(ClassLoader loader, String backbone) {
        try {
            return called(loader, "extractor", backbone) != null;
        } catch (Throwable e) {
            return false;
        }
    }

    @Test
    void aContextClassLoaderWithAnotherCopyOfTheLibraryDoesNoHarm() throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (FatJar copy = new FatJar(9)) {
            for (ClassLoader loader : new ClassLoader[] {copy, ClassLoader.getPlatformClassLoader()}) {
                thread.setContextClassLoader(loader);
                FeatureExtractorProvider found = Providers.extractor("dinov2");
                assertThat(found.getClass().getClassLoader()).isSameAs(ProvidersTest.class.getClassLoader());
            }
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
