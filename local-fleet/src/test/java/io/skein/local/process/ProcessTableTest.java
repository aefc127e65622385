package io.skein.local.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.local.PropertyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTableTest {
    @TempDir
    Path folder;

    private ProcessTable table;

    @BeforeEach
    void open() {
        table = new ProcessTable(folder.resolve("run"));
    }

    @AfterEach
    void stopAll() {
        table.running().forEach(daemon -> ProcessHandle.of(daemon.pid()).ifPresent(ProcessHandle::destroyForcibly));
    }

    @Test
    void aProcessIsFoundByTheNextCallAndStopped() {
        Daemon started = table.start(sleeper("one"));

        ProcessTable later = new ProcessTable(folder.resolve("run"));
        assertEquals(Optional.of(started.pid()), later.find("one").map(Daemon::pid));
        assertTrue(later.stop("one", "TERM", Duration.ofSeconds(5)));
        assertFalse(isAlive(started.pid()));
        assertFalse(later.stop("one", "TERM", Duration.ofSeconds(5)), "there is nothing left to stop");
    }

    @Test
    void itRunsInASessionOfItsOwn() throws Exception {
        Daemon started = table.start(sleeper("one"));
        String own = Long.toString(started.pid());
        // The process exists before the program that makes the session has run.
        for (int i = 0; i < 100 && !session(started.pid()).equals(own); i++) {
            Thread.sleep(50);
        }
        assertEquals(own, session(started.pid()));
    }

    private static String session(long pid) throws Exception {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3];
    }

    @Test
    void aNumberThatNowBelongsToAnotherProcessIsLeftAlone() {
        Daemon started = table.start(sleeper("one"));
        PropertyFile record = new PropertyFile(folder.resolve("run/one.pid"));
        record.write(Map.of(
                "pid", Long.toString(started.pid()), "start", "1@another-boot", "startedAt", Instant.EPOCH.toString()));

        assertEquals(Optional.empty(), table.find("one"));
        assertFalse(table.stop("one", "KILL", Duration.ofSeconds(1)));
        assertTrue(isAlive(started.pid()), "somebody else's process was killed");
        ProcessHandle.of(started.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void aTornRecordCountsAsNothing() throws Exception {
        Files.createDirectories(folder.resolve("run"));
        Files.writeString(folder.resolve("run/one.pid"), "pid=12");
        assertEquals(Optional.empty(), table.find("one"));
        assertEquals(List.of(), table.running());
    }

    @Test
    void whoIgnoresTheRequestIsKilled() {
        Daemon started = table.start(new DaemonSpec(
                "stubborn",
                List.of("sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"),
                Map.of(),
                folder,
                folder.resolve("stubborn.log")));
        Pause.millis(300); // the trap is set after the shell has started
        assertTrue(table.stop("stubborn", "TERM", Duration.ofMillis(300)));
        assertFalse(isAlive(started.pid()));
    }

    @Test
    void onlyNamedVariablesAreInherited() throws Exception {
        Path log = folder.resolve("env.log");
        table.start(new DaemonSpec("env", List.of("sh", "-c", "env; sleep 30"), Map.of("GIVEN", "yes"), folder, log));
        for (int i = 0; i < 100 && Files.size(log) == 0; i++) {
            Pause.millis(50);
        }
        List<String> lines = Files.readAllLines(log);
        assertTrue(lines.contains("GIVEN=yes"), lines::toString);
        assertFalse(lines.stream().anyMatch(line -> line.startsWith("HOME=")), lines::toString);
    }

    private DaemonSpec sleeper(String name) {
        return new DaemonSpec(name, List.of("sleep", "60"), Map.of(), folder, folder.resolve(name + ".log"));
    }

    private static boolean isAlive(long pid) {
        return ProcessIdentity.of(pid).isPresent();
    }
}
