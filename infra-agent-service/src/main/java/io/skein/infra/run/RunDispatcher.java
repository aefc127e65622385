package io.skein.infra.run;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.skein.infra.agent.AgentConfig;
import io.skein.infra.agent.AnsibleRuntime;
import io.skein.infra.agent.WorkDirOwnership;
import io.skein.infra.catalogue.Catalogue;
import io.skein.infra.suggest.Linter;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Keeps the slots busy. Accepted work waits in PostgreSQL, not here: an agent takes a row only when it has a free slot, so
 * however much is asked for, memory stays the same and a second agent can take its share.
 */
@ApplicationScoped
public class RunDispatcher {

    private static final Logger LOG = Logger.getLogger(RunDispatcher.class);
    private static final long POLL_MILLIS = 1000;

    @Inject
    RunService service;

    @Inject
    Admission admission;

    @Inject
    AnsibleRuntime ansible;

    @Inject
    AgentConfig config;

    @Inject
    Catalogue catalogue;

    @Inject
    Linter linter;

    @Inject
    Answers answers;

    @Inject
    WorkDirOwnership ownership;

    @Inject
    MeterRegistry metrics;

    private final Map<UUID, RunExecution> active = new ConcurrentHashMap<>();
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean stopping;
    private Thread dispatcher;
    private Thread keeper;

    /** How many playbooks run now; previews have slots of their own. */
    public int busy() {
        return busy(false);
    }

    private int busy(boolean previews) {
        return (int) active.values().stream()
                .filter(run -> run.run().request().isPreview() == previews)
                .count();
    }

    /** There may be something to do. */
    void signal() {
        wake.release();
    }

    void start(@Observes StartupEvent event) {
        ownership.dead(); // fails the start when another agent uses our work directory
        metrics.gaugeMapSize("skein_infra_runs_active", io.micrometer.core.instrument.Tags.empty(), active);
        dispatcher = Thread.ofPlatform().daemon().name("run-dispatcher").start(this::dispatch);
        keeper = Thread.ofPlatform().daemon().name("run-leases").start(this::keep);
    }

    /** After the consumers have stopped: running playbooks are stopped and answered as interrupted. */
    void stop(@Observes @Priority(200) ShutdownEvent event) {
        stopping = true;
        dispatcher.interrupt();
        active.values()
                .forEach(run -> run.stop(
                        RunExecution.Stop.SHUTDOWN,
                        "the infra agent was shut down while the playbook ran; it was stopped where it was"));
        long end = System.nanoTime()
                + config.interruptGrace()
                        .plus(config.terminateGrace())
                        .plusSeconds(3)
                        .toNanos();
        while (!active.isEmpty() && System.nanoTime() < end) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        keeper.interrupt();
    }

    /** Stops a run of this process. False when it is not here. */
    boolean stopLocally(UUID requestId, String reason) {
        RunExecution execution = active.get(requestId);
        if (execution == null) {
            return false;
        }
        execution.stop(RunExecution.Stop.CANCEL, "stopped by a person" + RunService.because(reason));
        return true;
    }

    private void dispatch() {
        boolean recovered = false;
        boolean failing = false;
        while (!stopping) {
            try {
                if (!recovered) {
                    discardOldFiles();
                    service.interruptAbandoned(ownership.dead());
                    recovered = true;
                }
                fill();
                failing = false;
            } catch (RuntimeException e) {
                if (!failing && !stopping) {
                    LOG.warnf("no work can be taken yet, trying on: %s", e.getMessage());
                    failing = true;
                }
            }
            try {
                if (wake.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void fill() {
        fill(false, config.slots());
        fill(true, config.previewSlots());
    }

    private void fill(boolean previews, int slots) {
        while (!stopping && busy(previews) < slots) {
            Optional<Run> claimed = service.claim(previews);
            if (claimed.isEmpty()) {
                return;
            }
            RunExecution execution =
                    new RunExecution(claimed.get(), service, admission, ansible, config, catalogue, linter, answers);
            active.put(claimed.get().requestId(), execution);
            Thread.ofPlatform()
                    .daemon()
                    .name("run-" + claimed.get().requestId())
                    .start(() -> execute(execution));
        }
    }

    private void execute(RunExecution execution) {
        long begun = System.nanoTime();
        try {
            execution.execute();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            active.remove(execution.run().requestId());
            metrics.timer("skein_infra_run_duration").record(Duration.ofNanos(System.nanoTime() - begun));
            signal();
        }
    }

    /** Renews leases, notices what was taken from us, hears cancel orders that were broadcast while nobody listened. */
    private void keep() {
        long interval = Math.max(200, config.lease().toMillis() / 3);
        while (true) {
            try {
                Thread.sleep(interval);
                Set<UUID> before = new HashSet<>(active.keySet());
                Set<UUID> ours = new HashSet<>(service.renewLeases());
                for (UUID id : before) {
                    RunExecution execution = active.get(id);
                    if (execution != null && !ours.contains(id) && !stopping && stillRunning(id)) {
                        execution.stop(RunExecution.Stop.LOST, null);
                    } else if (execution != null) {
                        service.cancellation(id).ifPresent(reason -> stopLocally(id, reason));
                    }
                }
                if (!stopping) {
                    service.interruptAbandoned(List.of());
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.debugf("leases not renewed: %s", e.getMessage());
            }
        }
    }

    /** A run that has just ended is not lost; its thread needs a moment to leave. */
    private boolean stillRunning(UUID id) throws InterruptedException {
        Thread.sleep(500);
        return active.containsKey(id);
    }

    /** A run's files may hold secrets; after a crash nobody else deletes them. */
    private void discardOldFiles() {
        Path folder = ansible.workDir().resolve("runs");
        try (Stream<Path> files = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            LOG.warnf("files of earlier runs are left in %s; delete them: %s", folder, e.getMessage());
        }
    }
}
