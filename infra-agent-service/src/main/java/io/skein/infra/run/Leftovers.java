package io.skein.infra.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Kills what a run left behind when agent and supervisor both were killed. A process is recognised by the run's id in its
 * environment (Linux), else by process id together with its start time: a process id alone may long be somebody else's.
 */
final class Leftovers {

    private static final Logger LOG = Logger.getLogger(Leftovers.class);
    private static final Path PROC = Path.of("/proc");

    private Leftovers() {}

    static void kill(UUID runId, Long pid, Instant start) {
        List<ProcessHandle> found = marked(runId);
        if (pid != null && start != null) {
            ProcessHandle.of(pid)
                    .filter(p -> p.info()
                            .startInstant()
                            .filter(s -> Duration.between(s, start).abs().toMillis() < 1500)
                            .isPresent())
                    .ifPresent(p -> {
                        p.descendants().forEach(found::add);
                        found.add(p);
                    });
        }
        for (ProcessHandle process : found) {
            LOG.warnf("killing process %d, left behind by run %s", process.pid(), runId);
            process.destroyForcibly();
        }
    }

    static List<ProcessHandle> marked(UUID runId) {
        List<ProcessHandle> found = new ArrayList<>();
        String mark = "SKEIN_RUN_ID=" + runId;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                String environment;
                try {
                    environment =
                            new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
                } catch (IOException e) {
                    continue; // gone, or another user's
                }
                if (List.of(environment.split("\0")).contains(mark)) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            LOG.debugf("no /proc: %s", e.getMessage());
        }
        return found;
    }
}
