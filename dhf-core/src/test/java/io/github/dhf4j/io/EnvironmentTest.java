package io.github.dhf4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {
    @TempDir
    Path folder;

    private final Map<Object, Object> before = new HashMap<>();

    @BeforeEach
    void remember() {
        before.putAll(System.getProperties());
        System.clearProperty("dhf.cache");
        System.clearProperty("DJL_CACHE_DIR");
        for (String variable : new String[] {"DHF_CACHE", "DJL_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"}) {
            assumeTrue(System.getenv(variable) == null, variable + " is set");
        }
    }

    @AfterEach
    void restore() {
        Properties properties = new Properties();
        properties.putAll(before);
        System.setProperties(properties);
    }

    @Test
    void aHomeThatCannotBeWrittenNamesTheOneVariableForBothCaches() throws IOException {
        // a file, which nobody can make folders in, root neither
        System.setProperty("user.home", Files.createFile(folder.resolve("home")).toString());
        assertThatThrownBy(() -> Environment.makeCacheFolder(Environment.cacheFolder()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("set DHF_CACHE")
                .hasMessageContaining("engine")
                .hasMessageContaining(folder.toString());
    }

    @Test
    void aUserWithoutHomeIsToldTheSame() {
        for (String home : new String[] {"?", ""}) {
            System.setProperty("user.home", home);
            assertThatThrownBy(Environment::cacheFolder)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("set DHF_CACHE");
        }
        System.setProperty("dhf.cache", folder.toString());
        assertThat(Environment.cacheFolder()).isEqualTo(folder);
    }

    @Test
    void theEngineUnpacksWhereTheCacheIs() {
        Environment.shareCacheWithEngine();
        assertThat(System.getProperty("DJL_CACHE_DIR")).isNull();
        System.setProperty("dhf.cache", folder.toString());
        Environment.shareCacheWithEngine();
        assertThat(System.getProperty("DJL_CACHE_DIR"))
                .isEqualTo(folder.resolve("djl").toString());
        System.setProperty("DJL_CACHE_DIR", "mine");
        Environment.shareCacheWithEngine();
        assertThat(System.getProperty("DJL_CACHE_DIR")).isEqualTo("mine");
    }

    @Test
    void theVersionIsThatOfTheBuild() {
        assertThat(Environment.version()).matches("\\d+\\.\\d+\\.\\d+.*");
    }
}
