package io.skein.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.lang.ArchRule;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every rule of {@link Rules} on the classes of the fleet, and what only the sources show. */
class ArchitectureTest {
    private static final int LONGEST_FILE = 400;

    @TestFactory
    Stream<DynamicTest> theFleetKeeps() {
        return rules().map(field -> DynamicTest.dynamicTest(
                field.getName().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
                () -> rule(field).allowEmptyShould(true).check(Modules.fleet())));
    }

    @Test
    void contractsHaveNoFramework() {
        Rules.CONTRACTS_HAVE_NO_FRAMEWORK.check(Modules.classes(List.of("skein-contracts")));
    }

    @Test
    void thereIsAFleetToLookAt() {
        assumeTrue(Modules.ONLY.isEmpty());
        assertEquals(
                Set.of(
                        "audit-service",
                        "dashboard-ui",
                        "desktop-agent",
                        "infra-agent-service",
                        "lock-service",
                        "orchestrator-service",
                        "registry-service",
                        "runtime-service"),
                Set.copyOf(Modules.services()));
        assertTrue(Modules.fleet().size() > 200, () -> "only " + Modules.fleet().size() + " classes");
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        Set<Path> silent = new TreeSet<>();
        for (String module : Modules.withCode()) {
            for (Path source : Modules.sources(module)) {
                if (!Files.exists(source.resolveSibling("package-info.java"))) {
                    silent.add(Modules.ROOT.relativize(source.getParent()));
                }
            }
        }
        assertEquals(Set.of(), silent, "packages without a package-info.java");
    }

    @Test
    void noFileIsLongerThanOneCanHoldInMind() {
        List<String> long400 = new ArrayList<>();
        for (String module : Modules.withCode()) {
            for (Path source : Modules.sources(module)) {
                long lines = Modules.read(source).lines().count();
                if (lines > LONGEST_FILE) {
                    long400.add(Modules.ROOT.relativize(source) + ": " + lines);
                }
            }
        }
        assertEquals(List.of(), long400, "a file this long is asking to be two");
    }

    /** A rule without a reason is an order; nobody knows later whether it may go. */
    @Test
    void everyRuleHasAReason() {
        rules().forEach(field -> assertTrue(rule(field).getDescription().contains("because"), field.getName()));
        assertFalse(rules().toList().isEmpty());
    }

    static Stream<Field> rules() {
        return Arrays.stream(Rules.class.getDeclaredFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .filter(field -> ArchRule.class.isAssignableFrom(field.getType()));
    }

    static ArchRule rule(Field field) {
        try {
            return (ArchRule) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
