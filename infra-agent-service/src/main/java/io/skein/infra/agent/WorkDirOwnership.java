package io.skein.infra.agent;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Makes sure that one process at a time uses the work directory, and so knows which earlier processes are dead: those that
 * used it before. The agent's id would not tell: two replicas may have been given the same one by mistake.
 */
@ApplicationScoped
public class WorkDirOwnership {

    private static final int REMEMBERED = 50;

    @Inject
    AnsibleRuntime ansible;

    @Inject
    Agent agent;

    private final List<UUID> dead = new ArrayList<>();
    private FileChannel channel;

    @PostConstruct
    void take() {
        Path lockFile = ansible.workDir().resolve("agent.lock");
        Path instances = ansible.workDir().resolve("instances");
        try {
            channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw used(null);
            }
            if (Files.exists(instances)) {
                for (String line : Files.readAllLines(instances)) {
                    dead.add(UUID.fromString(line.strip()));
                }
            }
            List<String> known =
                    new ArrayList<>(dead.stream().map(UUID::toString).toList());
            known.add(agent.instance().toString());
            Files.write(instances, known.subList(Math.max(0, known.size() - REMEMBERED), known.size()));
        } catch (OverlappingFileLockException e) {
            throw used(e);
        } catch (IOException e) {
            throw new UncheckedIOException("The work directory " + ansible.workDir() + " cannot be used", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(instances + " is damaged; delete it", e);
        }
    }

    /** Instances that used this work directory before; none of them lives. */
    public List<UUID> dead() {
        return List.copyOf(dead);
    }

    @PreDestroy
    void release() throws IOException {
        channel.close();
    }

    private IllegalStateException used(Exception cause) {
        return new IllegalStateException(
                "Another infra agent uses the work directory " + ansible.workDir()
                        + "; give each its own SKEIN_INFRA_AGENT_WORK_DIR and SKEIN_INFRA_AGENT_ID.",
                cause);
    }
}
