package io.skein.local.tests;

import io.skein.local.Console;
import io.skein.local.process.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A browser for the tests that look at the page. */
public final class Chromium {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome");
    private static final Path MAC = Path.of("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");

    private Chromium() {}

    public static Optional<Path> find() {
        Optional<Path> named = Optional.ofNullable(System.getenv("SKEIN_CHROMIUM"))
                .filter(path -> !path.isBlank())
                .map(Path::of);
        return named.or(() -> NAMES.stream()
                        .flatMap(name -> Shell.find(name).stream())
                        .findFirst())
                .or(() -> Optional.of(MAC).filter(Files::isExecutable));
    }

    /** What is there; installed from Debian's packages only where we may. */
    static Optional<Path> findOrInstall(Console console) {
        Optional<Path> found = find();
        boolean mayInstall = System.getProperty("user.name").equals("root")
                && Shell.find("apt-get").isPresent();
        if (found.isPresent() || !mayInstall) {
            return found;
        }
        console.say("installing Chromium for the browser tests");
        Map<String, String> environment = Map.of("DEBIAN_FRONTEND", "noninteractive");
        Shell.run(List.of("apt-get", "-qq", "update"), environment, Duration.ofMinutes(3));
        Shell.Result result = Shell.run(
                List.of("apt-get", "-qq", "-y", "--no-install-recommends", "install", "chromium"),
                environment,
                Duration.ofMinutes(10));
        if (!result.ok()) {
            console.say("Chromium cannot be installed: " + result.lastLine());
        }
        return find();
    }
}
