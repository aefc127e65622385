package io.skein.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** K8S-05: one Dockerfile.jvm and one Dockerfile.native per service, pinned, run by nobody. */
class DockerfileTest {
    /** What {@code mvn package} makes of a Quarkus application, as a fast-jar and as a native runner. */
    private static final Set<String> BUILT = Set.of(
            "target/quarkus-app/lib/",
            "target/quarkus-app/quarkus-run.jar",
            "target/quarkus-app/quarkus/",
            "target/quarkus-app/app/",
            "target/*-runner");

    static Stream<Arguments> dockerfiles() {
        Stream<Arguments> fleet = Fleet.services().stream()
                .flatMap(service -> Stream.of("Dockerfile.jvm", "Dockerfile.native")
                        .map(file -> Arguments.of(service.name(), file, service.port())));
        return Stream.concat(
                fleet,
                Stream.of(
                        Arguments.of("desktop-agent", "Dockerfile.jvm", 8090),
                        Arguments.of("desktop-agent", "Dockerfile.native", 8090)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("dockerfiles")
    void keepsTheRules(String service, String file, int port) {
        Path context = Repository.ROOT.resolve(service);
        assertEquals(
                List.of(),
                DockerfileRules.violations(
                        Repository.read(context.resolve("src/main/docker").resolve(file)),
                        port,
                        path -> BUILT.contains(path) || Files.exists(context.resolve(path))));
    }

    /** A list of what the build makes is only worth something while the build still makes it. */
    @Test
    void copiesWhatTheBuildReallyMade() {
        List<Path> packaged = dockerfiles()
                .map(arguments -> Repository.ROOT.resolve((String) arguments.get()[0]))
                .distinct()
                .filter(module -> Files.exists(module.resolve("target/quarkus-app/quarkus-run.jar")))
                .toList();
        assumeFalse(packaged.isEmpty(), "no service is packaged yet");
        for (Path module : packaged) {
            for (String path : BUILT) {
                assertTrue(path.endsWith("-runner") || Files.exists(module.resolve(path)), () -> module + " " + path);
            }
        }
    }

    @Test
    void theInfraAgentBringsTheAnsibleItIsTestedWith() {
        for (String file : List.of("Dockerfile.jvm", "Dockerfile.native")) {
            String text = Repository.read(Repository.ROOT.resolve("infra-agent-service/src/main/docker/" + file));
            assertTrue(text.contains("COPY ansible/requirements.txt"), file);
            for (String tool : List.of("python3", "openssh-client", "git", "/opt/ansible/bin:")) {
                assertTrue(text.contains(tool), () -> file + " lacks " + tool);
            }
        }
        String requirements = Repository.read(Repository.ROOT.resolve("infra-agent-service/ansible/requirements.txt"));
        requirements
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> assertTrue(line.contains("=="), () -> "not pinned: " + line));
    }

    /** Planted: each of these must be refused. */
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            FROM eclipse-temurin:25.0.3_9-jre-noble | FROM eclipse-temurin                         | every day
            FROM eclipse-temurin:25.0.3_9-jre-noble | FROM eclipse-temurin:latest                  | every day
            FROM eclipse-temurin:25.0.3_9-jre-noble | FROM ubuntu:noble                            | every day
            USER 10001:10001                        | USER root                                    | runs as root
            USER 10001:10001                        | USER skein                                   | runs as skein
            USER 10001:10001                        | ENV A=b                                      | runs as root
            COPY target/quarkus-app/app/ ./app/     | COPY target/app/ ./app/                      | no build makes
            COPY target/quarkus-app/app/ ./app/     | ADD target/quarkus-app/app/ ./app/           | use COPY
            EXPOSE 8084                             | EXPOSE 8080                                  | does not expose
            exec java                               | java                                         | process 1
            ENV HOME=/work                          | ENV SKEIN_POSTGRES_PASSWORD=skein            | a secret
            RUN true                                | RUN apt-get update && apt-get install -y git | leaves more behind
            RUN true                                | RUN pip install ansible                      | nobody pinned
            RUN true                                | HEALTHCHECK CMD true                         | second opinion
            """)
    void aMistakeIsFound(String there, String instead, String said) {
        String good = """
                FROM eclipse-temurin:25.0.3_9-jre-noble
                RUN true
                ENV HOME=/work
                COPY target/quarkus-app/app/ ./app/
                EXPOSE 8084
                USER 10001:10001
                ENTRYPOINT ["sh", "-c", "exec java -jar quarkus-run.jar"]
                """;
        assertEquals(List.of(), DockerfileRules.violations(good, 8084, BUILT::contains));
        assertTrue(good.contains(there), there);
        List<String> violations = DockerfileRules.violations(good.replace(there, instead), 8084, BUILT::contains);
        assertTrue(violations.stream().anyMatch(violation -> violation.contains(said)), violations::toString);
    }
}
