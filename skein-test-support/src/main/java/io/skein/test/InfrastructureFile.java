package io.skein.test;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Where {@code ./skein infra up} says the test servers are: {@code .skein/test/infra.properties} at the repository's root. */
public final class InfrastructureFile {

    private InfrastructureFile() {}

    /** The repository's root: the nearest folder upwards that holds the {@code skein} script. */
    public static Path repositoryRoot() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !(Files.exists(folder.resolve("skein")) && Files.exists(folder.resolve(".mvn")))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException(
                    "not inside the Skein repository: " + Path.of("").toAbsolutePath());
        }
        return folder;
    }

    public static Properties load() {
        String home = System.getenv("SKEIN_HOME");
        Path state = home == null || home.isBlank() ? repositoryRoot().resolve(".skein") : Path.of(home);
        Path file = state.resolve("test/infra.properties");
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "No test servers. Start them with: ./skein infra up (or run ./skein test, which does)", e);
        }
        return properties;
    }
}
