package io.skein.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Resident memory of a process. */
public final class Memory {
    private Memory() {}

    /** Bytes, of the process and those it started; 0 when it is gone. */
    public static long residentBytes(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .mapToLong(process -> ofOne(process.pid()))
                .sum();
    }

    private static long ofOne(long pid) {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        if (Files.exists(status)) {
            try (Stream<String> lines = Files.lines(status)) {
                return lines.filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                        .findFirst()
                        .orElse(0);
            } catch (IOException | java.io.UncheckedIOException e) {
                return 0; // it ended while we looked
            }
        }
        Shell.Result result =
                Shell.run(List.of("ps", "-o", "rss=", "-p", Long.toString(pid)), Map.of(), Duration.ofSeconds(5));
        try {
            return Long.parseLong(result.output().strip()) * 1024;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
