package io.skein.e2e.locks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A wall clock that can be set while a process runs, by libfaketime; the monotonic clock goes on as it does in reality. */
final class FakeTime {

    private static final String LIBRARY = "libfaketimeMT.so.1";

    private FakeTime() {}

    /** The library {@code ./skein test} has fetched, or this machine's own. */
    static Optional<Path> library() {
        String given = System.getenv("SKEIN_TEST_FAKETIME");
        List<Path> roots = Stream.of(given == null ? Path.of("/usr/lib") : Path.of(given), Path.of("/usr/lib"))
                .distinct()
                .toList();
        for (Path root : roots) {
            try (Stream<Path> files = Files.find(root, 6, (file, a) -> file.endsWith("faketime/" + LIBRARY))) {
                Optional<Path> found = files.findFirst();
                if (found.isPresent()) {
                    return found;
                }
            } catch (IOException | java.io.UncheckedIOException e) {
                // Not there, or not ours to read.
            }
        }
        return Optional.empty();
    }

    /** For a process whose clock the file is to set; none where there is no library. */
    static Map<String, String> environment(Path clock) throws IOException {
        step(clock, 0);
        return library()
                .map(library -> Map.of(
                        "LD_PRELOAD",
                        library.toString(),
                        "FAKETIME_TIMESTAMP_FILE",
                        clock.toString(),
                        // Looking into the file each time somebody asks for the time makes a process unbearably slow.
                        "FAKETIME_CACHE_DURATION",
                        "1",
                        "FAKETIME_DONT_FAKE_MONOTONIC",
                        "1",
                        // Or each timed wait of the JVM, which is on the monotonic clock, is over at once, and a core
                        // is spent on that.
                        "FAKETIME_FORCE_MONOTONIC_FIX",
                        "0"))
                .orElse(Map.of());
    }

    static void step(Path clock, int seconds) throws IOException {
        Path next = Files.createTempFile("skein-clock", "");
        Files.writeString(next, "%+ds%n".formatted(seconds));
        Files.move(next, clock, StandardCopyOption.ATOMIC_MOVE);
    }
}
