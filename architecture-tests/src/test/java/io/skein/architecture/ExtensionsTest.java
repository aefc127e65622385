package io.skein.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What every service must be able to say about itself: that it lives, how it does, what it offers. */
class ExtensionsTest {
    private static final Set<String> EXPECTED = Set.of(
            "quarkus-smallrye-health",
            "quarkus-micrometer-registry-prometheus",
            "quarkus-smallrye-openapi",
            "quarkus-smallrye-jwt");
    private static final Pattern DEPENDENCY = Pattern.compile(
            "<dependency>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>(.*?)</dependency>",
            Pattern.DOTALL);

    @TestFactory
    List<DynamicTest> everyServiceHasHealthMetricsAndOpenApi() {
        return Modules.services().stream()
                // It has no HTTP stack: a small health endpoint of its own, and no API.
                .filter(service -> !service.equals("desktop-agent"))
                .map(service -> DynamicTest.dynamicTest(service, () -> {
                    Set<String> missing = new TreeSet<>(EXPECTED);
                    missing.removeAll(dependencies(Modules.ROOT.resolve(service).resolve("pom.xml")));
                    assertEquals(Set.of(), missing, service + " lacks");
                }))
                .toList();
    }

    @Test
    void aServiceWithoutThePlatformWouldBeSeen() {
        assertTrue(
                !dependencies(Modules.ROOT.resolve("skein-contracts/pom.xml")).contains("quarkus-smallrye-health"));
    }

    /** What a POM brings at run time, through our own modules too. */
    private static Set<String> dependencies(Path pom) {
        String text =
                Modules.read(pom).replaceAll("(?s)<!--.*?-->|<dependencyManagement>.*?</dependencyManagement>", "");
        Set<String> names = new TreeSet<>();
        Matcher matcher = DEPENDENCY.matcher(text);
        while (matcher.find()) {
            if (matcher.group(3).contains("<scope>test</scope>")) {
                continue;
            }
            names.add(matcher.group(2));
            Path own = Modules.ROOT.resolve(matcher.group(2)).resolve("pom.xml");
            if (matcher.group(1).equals("io.skein") && Files.exists(own)) {
                names.addAll(dependencies(own));
            }
        }
        return names;
    }
}
