package io.skein.local.process;

import io.skein.local.FleetException;
import io.skein.local.PropertyFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The processes one profile has started, a file each, kept where the next call finds them.
 *
 * <pre>
 *   absent --start--> recorded, alive --stop or death--> recorded, dead --seen by find--> absent
 * </pre>
 *
 * Only a process whose pid and start time both match its record is ever signalled, so a stale file left by a crash or a
 * reboot can never hit somebody else's process.
 */
public final class ProcessTable {
    private static final List<String> INHERITED = List.of("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR");

    private final Path directory;

    public ProcessTable(Path directory) {
        this.directory = directory;
    }

    /** Starts a process in a session of its own: it gets no terminal, no signal of ours and is not our child's child. */
    public Daemon start(DaemonSpec spec) {
        List<String> command = new ArrayList<>(ownSession());
        command.addAll(spec.command());
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(INHERITED);
        environment.putAll(spec.environment());
        builder.directory(spec.directory().toFile());
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
        try {
            Files.createDirectories(spec.log().toAbsolutePath().getParent());
            Process process = builder.start();
            return record(spec.name(), process.pid())
                    .orElseThrow(() ->
                            new FleetException(spec.name() + " ended at once; its log " + spec.log() + " says why."));
        } catch (IOException e) {
            throw new FleetException(spec.name() + " cannot be started: " + e.getMessage() + ".", e);
        }
    }

    /** Takes a running process into the table, for one whose record was lost. */
    public Optional<Daemon> record(String name, long pid) {
        Optional<ProcessIdentity> identity = ProcessIdentity.of(pid);
        if (identity.isEmpty()) {
            return Optional.empty();
        }
        Instant startedAt = Instant.now();
        new PropertyFile(file(name))
                .write(Map.of(
                        "pid", Long.toString(pid), "start", identity.get().start(), "startedAt", startedAt.toString()));
        return Optional.of(new Daemon(name, pid, startedAt));
    }

    /** The process of this name if it still runs. */
    public Optional<Daemon> find(String name) {
        Map<String, String> record = new PropertyFile(file(name)).all();
        try {
            ProcessIdentity identity =
                    new ProcessIdentity(Long.parseLong(record.getOrDefault("pid", "")), record.get("start"));
            if (identity.isAlive()) {
                return Optional.of(new Daemon(name, identity.pid(), Instant.parse(record.get("startedAt"))));
            }
        } catch (NumberFormatException | NullPointerException | java.time.format.DateTimeParseException e) {
            // An empty or torn record says nothing; it is removed like a dead one.
        }
        remove(name);
        return Optional.empty();
    }

    /** Everything of the table that still runs. */
    public List<Daemon> running() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".pid"))
                    .map(name -> name.substring(0, name.length() - ".pid".length()))
                    .sorted()
                    .flatMap(name -> find(name).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Asks it to end, waits, and kills it when it does not.
     *
     * @param signal TERM or INT, whatever ends this program gracefully
     * @return whether there was something to stop
     */
    public boolean stop(String name, String signal, Duration patience) {
        Optional<Daemon> found = find(name);
        if (found.isEmpty()) {
            return false;
        }
        signal(found.get(), signal);
        if (!awaitEnd(name, patience)) {
            signal(found.get(), "KILL");
            awaitEnd(name, Duration.ofSeconds(10));
        }
        remove(name);
        return true;
    }

    private boolean awaitEnd(String name, Duration patience) {
        Instant deadline = Instant.now().plus(patience);
        while (find(name).isPresent()) {
            if (Instant.now().isAfter(deadline)) {
                return false;
            }
            Pause.millis(50);
        }
        return true;
    }

    private void signal(Daemon daemon, String signal) {
        // sh has kill built in; a slim machine may have no /bin/kill.
        Shell.run(
                List.of("sh", "-c", "kill -\"$1\" \"$2\"", "sh", signal, Long.toString(daemon.pid())),
                Map.of(),
                Duration.ofSeconds(5));
    }

    private void remove(String name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String name) {
        return directory.resolve(name + ".pid");
    }

    private static List<String> ownSession() {
        if (Shell.find("setsid").isPresent()) {
            return List.of("setsid");
        }
        return List.of("perl", "-MPOSIX", "-e", "POSIX::setsid(); exec @ARGV or exit 127", "--");
    }
}
