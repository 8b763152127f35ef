package io.github.dhf4j.cli;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.Slices;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The shape of the house: what the build's star of modules does not see. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HouseTest {
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
