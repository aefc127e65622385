package io.skein.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The modules of the build and what they compiled. */
final class Modules {
    static final Path ROOT = root();

    private static final Pattern MODULE = Pattern.compile("(?m)^\\s*<module>([^<]+)</module>");

    /** Infrastructure of the build and programs of one person's machine: not part of the fleet. */
    private static final List<String> NOT_SERVICES = List.of(
            "skein-contracts",
            "skein-lock-client",
            "skein-platform",
            "skein-models",
            "skein-test-support",
            "skein-cli",
            "local-fleet");

    private static JavaClasses fleet;

    private Modules() {}

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (here != null && !Files.isDirectory(here.resolve("skein-contracts"))) {
            here = here.getParent();
        }
        if (here == null) {
            throw new IllegalStateException(
                    "No skein-contracts above " + Path.of("").toAbsolutePath());
        }
        return here;
    }

    /** Every module with production code, in the order of the build. */
    static List<String> withCode() {
        String pom = read(ROOT.resolve("pom.xml")).replaceAll("(?s)<!--.*?-->", "");
        return MODULE.matcher(pom)
                .results()
                .map(match -> match.group(1))
                .filter(module -> Files.isDirectory(ROOT.resolve(module).resolve("src/main/java")))
                .toList();
    }

    /** {@code -Darchitecture.modules=lock-service} looks at some modules only, while one works on them; empty: at all. */
    static final String ONLY = System.getProperty("architecture.modules", "");

    /** The eight of the fleet, as far as they are part of the build. */
    static List<String> services() {
        if (!ONLY.isEmpty()) {
            return List.of(ONLY.split(","));
        }
        return withCode().stream()
                .filter(module -> !NOT_SERVICES.contains(module))
                .toList();
    }

    /** The classes of the services and of the platform in them. */
    static synchronized JavaClasses fleet() {
        if (fleet == null) {
            fleet = classes(Stream.concat(services().stream(), Stream.of("skein-platform"))
                    .toList());
        }
        return fleet;
    }

    static JavaClasses classes(List<String> modules) {
        List<Path> folders = modules.stream()
                .map(module -> ROOT.resolve(module).resolve("target/classes"))
                .toList();
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                throw new AssertionError(folder + " is not there: build that module first");
            }
        }
        return new ClassFileImporter().importPaths(folders);
    }

    static List<Path> sources(String module) {
        try (Stream<Path> walk = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
            return walk.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
