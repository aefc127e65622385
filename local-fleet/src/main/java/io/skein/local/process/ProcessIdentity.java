package io.skein.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that cannot be mistaken for another one that got the same number later: its pid and when the kernel started
 * it. On Linux the start is counted in ticks since a named boot, because the wall clock may be set while it runs.
 */
record ProcessIdentity(long pid, String start) {

    static Optional<ProcessIdentity> of(long pid) {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        if (Files.exists(stat)) {
            try {
                String line = Files.readString(stat);
                // The second field is the program's name in parentheses and may hold anything, also a parenthesis.
                String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
                if (fields[0].equals("Z") || fields[0].equals("X")) {
                    return Optional.empty();
                }
                return Optional.of(new ProcessIdentity(pid, fields[19] + "@" + bootId()));
            } catch (IOException | IndexOutOfBoundsException e) {
                return Optional.empty(); // it went away while we looked
            }
        }
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(handle -> handle.info().startInstant())
                .map(instant -> new ProcessIdentity(pid, instant.toString()));
    }

    boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }

    private static String bootId() throws IOException {
        Path file = Path.of("/proc/sys/kernel/random/boot_id");
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }
}
