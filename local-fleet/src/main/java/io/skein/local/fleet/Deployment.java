package io.skein.local.fleet;

import io.skein.local.FleetHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A copy of each built service to run from. A JVM loads classes from its jars as long as it lives; were it started from
 * {@code target/}, the next build would pull them away under it.
 */
final class Deployment {
    private static final String APPLICATION = "quarkus-app";

    private final FleetHome home;
    private final FleetHome.Profile profile;

    Deployment(FleetHome home, FleetHome.Profile profile) {
        this.home = home;
        this.profile = profile;
    }

    /** Where Maven puts it. */
    static Path built(FleetHome home, Service service) {
        return home.repository().resolve(service.module()).resolve("target").resolve(APPLICATION);
    }

    Path jar(Service service) {
        return folder(service).resolve("quarkus-run.jar");
    }

    /** Makes the copy equal to what was built; a file that did not change is left alone. The service must not run. */
    void refresh(Service service) {
        Path from = built(home, service);
        Path to = folder(service);
        try {
            List<Path> files = relative(from);
            if (Files.isDirectory(to)) {
                for (Path old : relative(to)) {
                    if (!files.contains(old)) {
                        Files.delete(to.resolve(old));
                    }
                }
            }
            for (Path file : files) {
                Path source = from.resolve(file);
                Path target = to.resolve(file);
                if (!isSame(source, target)) {
                    Files.createDirectories(target.getParent());
                    Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path folder(Service service) {
        return profile.directory().resolve("apps").resolve(service.module());
    }

    private static List<Path> relative(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(folder::relativize)
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    private static boolean isSame(Path a, Path b) throws IOException {
        return Files.exists(b)
                && Files.size(a) == Files.size(b)
                && Files.getLastModifiedTime(a).equals(Files.getLastModifiedTime(b));
    }
}
