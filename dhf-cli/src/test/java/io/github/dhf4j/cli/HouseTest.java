package io.github.dhf4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.tensor.Devices;
import io.github.dhf4j.testing.House;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The shape of the house: what the build's star of modules does not see. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HouseTest {
    private final House house = new House();

    @Test
    void noPackagesDependOnOneAnotherInACircle() {
        house.requireNoCircle();
    }

    /** What a GPU, a CPU or a Mac does differently is said in one class; so a run on a CPU tries all other code. */
    @Test
    void oneClassKnowsDevicesApart() {
        assertThat(house.askingOfDevices()).containsExactly(Devices.class.getName());
    }

    /** On a CPU large pictures and attention in bfloat16 go another way: scripts ask a tensor, in one place. */
    @Test
    void scriptsAskOneQuestionAboutDevicesInOnePlace() throws IOException {
        Map<String, String> scripts = scripts();
        assertThat(scripts).hasSizeGreaterThan(8);
        List<String> lines = scripts.values().stream()
                .flatMap(String::lines)
                .filter(line -> line.matches(".*(is_cpu|is_cuda|is_mps|cuda|\\bcpu\\b|\\bmps\\b|\\bgpu\\b).*"))
                .map(String::strip)
                .filter(line -> !line.startsWith("#"))
                .toList();
        assertThat(lines).containsExactly("return x.is_cpu");
    }

    /** A number that a script reads of a tensor is a wait for the device too: only where weights are read and types measured. */
    @Test
    void scriptsReadNoNumberOfATensorInALoop() throws IOException {
        Set<String> reading = new TreeSet<>();
        scripts().forEach((file, text) -> {
            if (text.lines()
                    .anyMatch(line -> line.matches(
                            ".*(\\b(bool|int|float)\\(|\\.item\\(|\\.cpu\\(|nonzero|torch\\.tensor\\().*"))) {
                reading.add(file);
            }
        });
        assertThat(reading).containsExactly("dtype.py", "weights.py");
    }

    @Test
    void numbersGoBetweenJavaAndTensorsInOneClassButForTraining() {
        assertThat(house.movingNumbers().stream().filter(name -> !name.contains(".train.")))
                .containsExactly(HostTensors.class.getName());
    }

    /** Text of every script by its name. */
    private static Map<String, String> scripts() throws IOException {
        Map<String, String> scripts = new TreeMap<>();
        try (Stream<Path> files = Files.find(
                Path.of(".."),
                20,
                (path, file) -> path.toString().matches("\\.\\./dhf[^/]*/src/main/resources/.*\\.py"))) {
            for (Path path : files.toList()) {
                scripts.merge(path.getFileName().toString(), Files.readString(path), String::concat);
            }
        }
        return scripts;
    }

    @Test
    void noPackageIsInTwoModules() {
        Map<String, Set<String>> modules = house.modules();
        assertThat(modules).hasSizeGreaterThan(20);
        assertThat(modules.values()).allSatisfy(of -> assertThat(of).hasSize(1));
    }
}
