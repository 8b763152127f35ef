package io.github.dhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the engine starts, or does not, in programs that are set up otherwise than ours. */
class TorchEngineTest {
    @TempDir
    private Path folder;

    /** What a program prints in a JVM of its own, line by line, without jars whose name contains one of the parts. */
    private List<String> runs(String word, List<String> options, String... without) throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Arrays.stream(without).noneMatch(entry::contains))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, EngineProbe.class.getName(), word));
        Path out = folder.resolve("out.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("err.txt").toFile());
        builder.environment().put("OPT_OUT_TRACKING", "true");
        if (without.length > 0) {
            builder.environment().put("DJL_CACHE_DIR", folder.resolve("cache").toString());
        }
        Process process = builder.start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as(Files.readString(out) + Files.readString(folder.resolve("err.txt")))
                .isZero();
        return Files.readAllLines(out);
    }

    @Test
    void withoutNativesClassesLoadAndOneSentenceNamesBothArtifacts() throws Exception {
        List<String> lines = runs("classes", List.of("-Dai.djl.offline=true"), "pytorch-jni", "pytorch-native-cpu");
        assertThat(lines).hasSize(3).startsWith("loaded");
        assertThat(lines.get(1))
                .startsWith("failed ")
                .contains("ai.djl.pytorch:pytorch-jni:2.7.1-0.36.0")
                .contains("ai.djl.pytorch:pytorch-native-cpu:2.7.1 with the classifier ")
                .contains("got no pytorch-jni and no pytorch-native-cpu")
                .hasSizeLessThan(400);
        assertThat(lines.get(2)).isEqualTo(lines.get(1));
    }

    @Test
    void underAnotherContextClassLoaderTheEngineStarts() throws Exception {
        assertThat(runs("foreign-loader", List.of())).containsExactly("started PyTorch 2.7.1", "restored true");
    }

    @Test
    void theEngineStartsWhereDjlLookedForItWithAnotherClassLoaderBefore() throws Exception {
        assertThat(runs("foreign-loader-first", List.of())).containsExactly("DJL found []", "started PyTorch 2.7.1");
    }

    @Test
    void aKilledProcessThatCompiledScriptsLeavesNoFolderOfModels() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        assertThat(runs("killed", List.of("-Djava.io.tmpdir=" + temporary))).containsExactly("true");
        assertThat(temporary).isDirectoryNotContaining("glob:**pt-model*");
    }

    @Test
    void aGpuThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> TorchEngine.newManager(Device.gpu(77)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("device must be one that the engine has, got gpu(77)")
                .hasMessageContaining("Device.cpu()")
                .message()
                .hasSizeLessThan(400);
    }

    @Test
    void ofTheEnginesMessageTheLineThatTellsIsShown() {
        EngineException page = new EngineException("The following operation failed in the TorchScript interpreter.\n"
                + "Traceback of TorchScript:\n  File \"x\", line 3\nRuntimeError: sizes differ\n"
                + "more\n".repeat(40));
        assertThat(new DhfException("conv", page))
                .hasMessage("conv: RuntimeError: sizes differ")
                .hasCause(page);
        assertThat(new DhfException("conv", new EngineException("first\nsecond")))
                .hasMessage("conv: first");
        assertThat(new DhfException("conv", new EngineException("x".repeat(4000))).getMessage())
                .hasSizeLessThan(400);
    }

    @Test
    void aScriptThatTheEngineDoesNotTakeGivesWayToTheNext() throws IOException {
        ScriptModule module = ScriptModule.load(TorchEngineTest.class, "broken.py")
                .orElse(ScriptModule.load(TorchEngineTest.class, "works.py"));
        assertThat(module.isFirstChoice()).isFalse();
        try (NDManager manager = TorchEngine.newManager(Device.cpu());
                NDArray two = manager.ones(new Shape(2));
                NDArray sum = module.run(manager, "twice", two)) {
            assertThat(sum.toFloatArray()).containsExactly(2, 2);
        }
        ScriptModule alone = ScriptModule.load(TorchEngineTest.class, "broken.py");
        assertThatThrownBy(alone::isFirstChoice)
                .isInstanceOf(DhfException.class)
                .hasMessageContaining("compiling broken.py");
    }
}
