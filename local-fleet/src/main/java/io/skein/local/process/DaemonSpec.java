package io.skein.local.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process to start for good.
 *
 * @param name what it is called in the process table
 * @param command program and arguments; the program must not go to the background itself
 * @param environment its whole environment beside PATH, LANG, TZ and TMPDIR
 * @param directory its working directory
 * @param log where its output is appended
 */
public record DaemonSpec(String name, List<String> command, Map<String, String> environment, Path directory, Path log) {
    public DaemonSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
