package io.skein.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.skein.contracts.planted.FrameworkRecord;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** For every rule one class that breaks it: a rule that lets its own violation through protects nothing. */
class PlantedViolationTest {
    private static final JavaClasses PLANTED = new ClassFileImporter()
            .importPackages("io.skein.planted", "io.skein.foreign", "io.skein.contracts.planted");

    static Stream<Arguments> plantedViolations() {
        return Stream.of(
                planted("DOMAIN_IS_FREE_OF_THE_OUTSIDE", "PlantedLease"),
                planted("ENDPOINTS_SAY_WHO_MAY_CALL", "LeaseEndpoint.anybody"),
                planted("RESOURCES_ARE_NAMED_SO", "LeaseEndpoint"),
                planted("RESOURCES_RUN_ON_VIRTUAL_THREADS", "LeaseEndpoint"),
                planted("RESOURCES_LEAVE_SQL_TO_REPOSITORIES", "PlantedResource"),
                planted("JAX_RS_STAYS_AT_THE_EDGE", "PlantedRepository"),
                planted("THE_BROKER_IS_THE_PLATFORMS", "PlantedRepository"),
                planted("NAMES_SAY_SOMETHING", "LeaseManager"),
                planted("PACKAGES_ARE_FEATURES", "Strings"),
                planted("FEATURES_HAVE_NO_CYCLES", "PlantedQueue"),
                planted("SERVICES_DO_NOT_KNOW_EACH_OTHER", "ForeignService"),
                planted("TIME_IS_JAVA_TIME", "java.util.Date"),
                planted("SERVICES_LOG", "System.out"),
                planted("INJECTION_IS_VISIBLE_TO_THE_COMPILER", "PlantedRepository.jdbi"),
                planted("REST_CLIENTS_STAY_INSIDE", "PlantedClient"),
                planted("CONTRACTS_HAVE_NO_FRAMEWORK", FrameworkRecord.class.getSimpleName()));
    }

    @ParameterizedTest(name = "{0} sees {1}")
    @MethodSource("plantedViolations")
    void theRuleSeesIt(String rule, String culprit) throws ReflectiveOperationException {
        List<String> found = rule(rule).evaluate(PLANTED).getFailureReport().getDetails();
        assertFalse(found.stream().noneMatch(detail -> detail.contains(culprit)), () -> rule + " found only " + found);
    }

    @Test
    void everyRuleHasItsPlantedViolation() {
        Set<String> planted = plantedViolations()
                .map(arguments -> (String) arguments.get()[0])
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> rules = ArchitectureTest.rules()
                .map(java.lang.reflect.Field::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(rules, planted);
    }

    private static Arguments planted(String rule, String culprit) {
        return Arguments.of(rule, culprit);
    }

    private static ArchRule rule(String name) throws ReflectiveOperationException {
        return ArchitectureTest.rule(Rules.class.getDeclaredField(name));
    }
}
