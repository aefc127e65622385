package io.skein.local.tests;

import io.skein.local.Console;
import io.skein.local.FleetException;
import io.skein.local.infrastructure.DebianPackages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** libfaketime, for the tests in which a service's clock is wrong. */
final class FakeTimeLibrary {

    private static final Path SYSTEM = Path.of("/usr/lib");
    private static final String PACKAGE = "libfaketime";

    private FakeTimeLibrary() {}

    /** The folder to look in; fetched from Debian's packages when the machine has none. */
    static Optional<Path> findOrFetch(Path dist, Console console) {
        Path fetched = dist.resolve(PACKAGE);
        for (Path folder : List.of(fetched, SYSTEM)) {
            if (isIn(folder)) {
                return Optional.of(folder);
            }
        }
        try {
            console.say("fetching libfaketime for the tests with wrong clocks");
            Files.createDirectories(fetched);
            new DebianPackages(PACKAGE, "install faketime")
                    .unpack(fetched, PACKAGE, Pattern.compile(PACKAGE), List.of());
            return Optional.of(fetched).filter(FakeTimeLibrary::isIn);
        } catch (IOException | FleetException e) {
            console.say("libfaketime cannot be fetched: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static boolean isIn(Path folder) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (var files = Files.find(folder, 6, (file, a) -> file.endsWith("faketime/libfaketimeMT.so.1"))) {
            return files.findAny().isPresent();
        } catch (IOException | java.io.UncheckedIOException e) {
            return false;
        }
    }
}
