package io.github.dhf4j.testing;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The library's classes that a test sees, and what is asked of their shape. */
public final class House {
    private static final Set<String> ASKS_OF_DEVICE =
            Set.of("isGpu", "getDeviceType", "getDeviceId", "gpu", "of", "fromName");

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.github.dhf4j");

    /** Throws where packages depend on one another in a circle. */
    public void requireNoCircle() {
        slices().matching("io.github.(**)").should().beFreeOfCycles().check(classes);
    }

    /** The modules that each package has classes in. */
    public Map<String, Set<String>> modules() {
        Map<String, Set<String>> modules = new TreeMap<>();
        for (JavaClass each : classes) {
            String file = each.getSource().orElseThrow().getUri().toString();
            String module = file.substring(0, file.indexOf("/io/github/dhf4j/"));
            modules.computeIfAbsent(each.getPackageName(), name -> new TreeSet<>())
                    .add(module);
        }
        return modules;
    }

    /** The classes that tell devices apart. */
    public List<String> askingOfDevices() {
        return calling(House::asksOfDevice);
    }

    /** The classes, but those of tests, that bring numbers into tensors or out of them. */
    public List<String> movingNumbers() {
        return calling(House::movesNumbers).stream()
                .filter(name -> !name.startsWith("io.github.dhf4j.testing."))
                .toList();
    }

    private List<String> calling(Predicate<JavaMethodCall> wanted) {
        return classes.stream()
                .flatMap(each -> each.getMethodCallsFromSelf().stream())
                .filter(wanted)
                .map(call -> call.getOriginOwner().getFullName())
                .distinct()
                .toList();
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
}
