package io.skein.audit.ingest;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** A folder for the git repository of one test class. */
public class AuditInfrastructure implements QuarkusTestResourceLifecycleManager {

    private static final String PROPERTY = "skein.test.audit-git";

    private Path folder;

    @Override
    public Map<String, String> start() {
        try {
            folder = Files.createTempDirectory("skein-audit");
            System.setProperty(PROPERTY, folder.resolve("repository").toString());
            return Map.of("SKEIN_AUDIT_GIT_DIR", gitDir().toString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Path gitDir() {
        return Path.of(System.getProperty(PROPERTY));
    }

    @Override
    public void stop() {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
