package io.github.dhf4j.cli;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.Slices;
import io.github.dhf4j.io.HostTensors;
import io.github.dhf4j.tensor.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The shape of the house: what the build's star of modules does not see. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HouseTest {
    private static final Set<String> ASKS_OF_DEVICE =
            Set.of("isGpu", "getDeviceType", "getDeviceId", "gpu", "of", "fromName");

    private JavaClasses classes;

    @BeforeAll
    void read() {
        classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.github.dhf4j");
    }

    @Test
    void noPackagesDependOnOneAnotherInACircle() {
        assertThat(Slices.matching("io.github.(**)").transform(classes)).hasSizeGreaterThan(20);
        slices().matching("io.github.(**)").should().beFreeOfCycles().check(classes);
    }

    /** What a GPU, a CPU or a Mac does differently is said in one class; so a run on a CPU tries all other code. */
    @Test
    void oneClassKnowsDevicesApart() {
        List<String> asked = calls().filter(HouseTest::asksOfDevice)
                .map(call -> call.getOriginOwner().getFullName())
                .distinct()
                .toList();
        assertThat(asked).containsExactly(Devices.class.getName());
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
        List<String> moving = calls().filter(HouseTest::movesNumbers)
                .map(call -> call.getOriginOwner().getFullName())
                .filter(name -> !name.contains(".train.") && !name.startsWith("io.github.dhf4j.testing."))
                .distinct()
                .toList();
        assertThat(moving).containsExactly(HostTensors.class.getName());
    }

    private static boolean asksOfDevice(JavaMethodCall call) {
        return call.getTargetOwner().isEquivalentTo(Device.class)
                ? ASKS_OF_DEVICE.contains(call.getName())
                : call.getName().equals("getGpuCount");
    }

    private static boolean movesNumbers(JavaMethodCall call) {
        String name = call.getName();
        if (call.getTargetOwner().isAssignableTo(NDManager.class)) {
            return name.equals("create")
                    && !call.getTarget().getRawParameterTypes().get(0).isEquivalentTo(Shape.class);
        }
        return call.getTargetOwner().isAssignableTo(NDArray.class)
                && (name.equals("toDevice")
                        || name.equals("toByteBuffer")
                        || name.matches("to\\w*Array")
                        || name.matches("get(Boolean|Byte|Uint8|Int|Long|Float|Double)"));
    }

    private Stream<JavaMethodCall> calls() {
        return classes.stream().flatMap(each -> each.getMethodCallsFromSelf().stream());
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
        Map<String, Set<String>> modules = new TreeMap<>();
        for (JavaClass each : classes) {
            String file = each.getSource().orElseThrow().getUri().toString();
            String module = file.substring(0, file.indexOf("/io/github/dhf4j/"));
            modules.computeIfAbsent(each.getPackageName(), name -> new TreeSet<>())
                    .add(module);
        }
        assertThat(modules).hasSizeGreaterThan(20);
        assertThat(modules.values()).allSatisfy(of -> assertThat(of).hasSize(1));
    }
}
