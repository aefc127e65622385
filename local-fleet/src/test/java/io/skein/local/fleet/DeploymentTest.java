package io.skein.local.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.local.FleetHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentTest {
    @TempDir
    Path folder;

    private FleetHome home;
    private Path built;

    @BeforeEach
    void build() throws IOException {
        home = new FleetHome(folder, folder.resolve(".skein"), folder.resolve(".skein"));
        built = folder.resolve("lock-service/target/quarkus-app");
        write(built.resolve("quarkus-run.jar"), "1");
        write(built.resolve("lib/a.jar"), "a");
    }

    @Test
    void theCopyFollowsTheBuildAndForgetsWhatIsGone() throws IOException {
        Deployment deployment = new Deployment(home, home.profile("local"));
        deployment.refresh(Service.LOCK);
        Path copy = deployment.jar(Service.LOCK).getParent();
        assertTrue(Files.exists(copy.resolve("lib/a.jar")));

        Files.delete(built.resolve("lib/a.jar"));
        write(built.resolve("quarkus-run.jar"), "22");
        assertEquals("1", Files.readString(deployment.jar(Service.LOCK)), "a running service must not feel a build");
        deployment.refresh(Service.LOCK);
        assertEquals("22", Files.readString(deployment.jar(Service.LOCK)));
        assertFalse(Files.exists(copy.resolve("lib/a.jar")));
    }

    @Test
    void aNewerSourceMakesTheBuildOutdatedAndNothingElseDoes() throws IOException {
        ProductBuild build = new ProductBuild(home);
        Path source = write(folder.resolve("lock-service/src/main/java/A.java"), "class A {}");
        Instant jarTime = Instant.parse("2026-01-01T12:00:00Z");
        Files.setLastModifiedTime(built.resolve("quarkus-run.jar"), FileTime.from(jarTime));
        Files.setLastModifiedTime(source, FileTime.from(jarTime.minusSeconds(1)));
        write(folder.resolve("lock-service/src/test/java/ATest.java"), "class ATest {}");
        assertTrue(build.isCurrent(Service.LOCK));

        Files.setLastModifiedTime(source, FileTime.from(jarTime.plusSeconds(1)));
        assertFalse(build.isCurrent(Service.LOCK));
        assertFalse(build.isCurrent(Service.AUDIT), "it was never built");
    }

    private static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
