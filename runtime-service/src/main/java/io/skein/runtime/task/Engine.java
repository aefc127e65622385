package io.skein.runtime.task;

import io.skein.runtime.instance.AgentInstance;
import io.skein.runtime.instance.InstanceLeases;
import io.skein.runtime.instance.InstanceRepository;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/**
 * One replica at work. Three threads: one says every few seconds that it is there, one looks for what there is to do and starts a
 * virtual thread for each task, one keeps what tasks took. Nothing it remembers matters: all of it can be read again.
 */
final class Engine {

    private static final Logger LOG = Logger.getLogger(Engine.class);
    private static final int MAX_CLAIMED_AT_ONCE = 20;
    private static final int MAX_UNDER_WAY = 256;
    private static final int MAX_RENEWALS = 4;
    private static final Duration LOCKED_PAUSE = Duration.ofMillis(50);
    private static final long PATIENCE_AT_STOP_MILLIS = 5000;

    /** What this replica may write for, as far as it knows; {@code until} in nanoseconds of this process. */
    private record Lease(long fence, long until) {}

    private final UUID replica;
    private final Jdbi jdbi;
    private final InstanceLeases leases;
    private final InstanceRepository instances;
    private final TaskRepository tasks;
    private final TaskRun run;
    private final TaskHoldings holdings;
    private final TaskEvents events;
    private final TaskEnd end;
    private final TaskSignal signal;
    private final TaskConfig config;
    private final Clock clock;
    private final Map<UUID, Lease> held = new ConcurrentHashMap<>();
    private final Map<UUID, Flight> flights = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;
    private volatile boolean silent;
    private boolean complained;

    Engine(
            UUID replica,
            Jdbi jdbi,
            InstanceLeases leases,
            InstanceRepository instances,
            TaskRepository tasks,
            TaskRun run,
            TaskHoldings holdings,
            TaskEvents events,
            TaskEnd end,
            TaskSignal signal,
            TaskConfig config,
            Clock clock) {
        this.replica = replica;
        this.jdbi = jdbi;
        this.leases = leases;
        this.instances = instances;
        this.tasks = tasks;
        this.run = run;
        this.holdings = holdings;
        this.events = events;
        this.end = end;
        this.signal = signal;
        this.config = config;
        this.clock = clock;
    }

    private interface Chore {
        void go() throws InterruptedException;
    }

    void start() {
        loop("task-leases", () -> {
            renew();
            Thread.sleep(config.renew());
        });
        loop("task-engine", () -> {
            round();
            signal.await(config.tick());
        });
        loop("task-keeper", () -> {
            holdings.keepTaken(replica, fences(), config.keep());
            Thread.sleep(config.renew());
        });
    }

    private void loop(String name, Chore chore) {
        threads.add(Thread.ofVirtual().name(name + "-" + replica).start(() -> {
            while (!stopping) {
                try {
                    if (!silent) {
                        chore.go();
                        continue;
                    }
                    Thread.sleep(config.tick());
                } catch (InterruptedException e) {
                    return;
                } catch (RuntimeException e) {
                    if (!complain(e)) {
                        return;
                    }
                }
            }
        }));
    }

    private boolean complain(RuntimeException e) {
        if (stopping) {
            return false;
        }
        if (!complained) {
            LOG.warnf("tasks are not worked on, trying again: %s", e.getMessage());
            complained = true;
        }
        try {
            Thread.sleep(config.tick());
            return true;
        } catch (InterruptedException interrupted) {
            return false;
        }
    }

    /** Lets what runs end or stops it, and lets others take over at once. */
    void stop() {
        stopping = true;
        threads.forEach(Thread::interrupt);
        flights.values().forEach(Flight::interrupt);
        long until = System.nanoTime() + PATIENCE_AT_STOP_MILLIS * 1_000_000;
        try {
            while (!flights.isEmpty() && System.nanoTime() - until < 0) {
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            jdbi.useTransaction(tx -> leases.giveUp(tx, replica));
        } catch (RuntimeException e) {
            LOG.debugf("leases are left to run out: %s", e.getMessage());
        }
    }

    /** For tests: says nothing more and begins nothing, like a process that was stopped; what runs goes on. */
    void freeze() {
        silent = true;
    }

    private Map<UUID, Long> fences() {
        Map<UUID, Long> fences = new ConcurrentHashMap<>();
        long now = System.nanoTime();
        held.forEach((id, lease) -> {
            if (lease.until() - now > 0) {
                fences.put(id, lease.fence());
            }
        });
        return fences;
    }

    private void renew() throws InterruptedException {
        Set<UUID> rest = new HashSet<>(held.keySet());
        for (int i = 0; i < MAX_RENEWALS && !rest.isEmpty(); i++) {
            if (i > 0) {
                // What is left has nothing to do, or somebody writes about it in this moment.
                Thread.sleep(LOCKED_PAUSE);
            }
            long until = System.nanoTime() + config.lease().toNanos();
            List<UUID> renewed = jdbi.inTransaction(tx -> leases.renew(tx, replica, rest, config.lease()));
            renewed.forEach(id -> held.computeIfPresent(id, (key, lease) -> new Lease(lease.fence(), until)));
            renewed.forEach(rest::remove);
        }
        held.values().removeIf(lease -> lease.until() - System.nanoTime() <= 0);
    }

    private void round() {
        long until = System.nanoTime() + config.lease().toNanos();
        jdbi.inTransaction(tx -> leases.claim(tx, replica, config.lease(), MAX_CLAIMED_AT_ONCE))
                .forEach((id, fence) -> held.put(id, new Lease(fence, until)));
        Map<UUID, Long> fences = fences();
        interruptCancelled();
        if (!fences.isEmpty()) {
            jdbi.withHandle(handle -> tasks.due(handle, fences.keySet(), flights.keySet()))
                    .forEach(due -> fly(new Flight(due.task(), due.instance(), fences.get(due.instance()))));
            jdbi.withHandle(handle -> tasks.withQueued(handle, fences.keySet()))
                    .forEach(instance -> begin(instance, fences.get(instance)));
            jdbi.withHandle(handle -> tasks.stoppedWithQueued(handle, fences.keySet()))
                    .forEach(instance -> cancelQueued(instance, fences.get(instance)));
        }
        if (complained) {
            LOG.info("tasks are worked on again");
            complained = false;
        }
    }

    /** What could not be done now is not tried again at once. */
    private void rest() {
        try {
            Thread.sleep(config.look());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void interruptCancelled() {
        if (!flights.isEmpty()) {
            jdbi.withHandle(handle -> tasks.cancelled(handle, flights.keySet())).forEach(id -> {
                Flight flight = flights.get(id);
                if (flight != null) {
                    flight.interrupt();
                }
            });
        }
    }

    private void begin(UUID instance, long fence) {
        try {
            List<Task> begun = jdbi.inTransaction(tx -> {
                if (!leases.require(tx, instance, replica, fence).state().equals("active")) {
                    return List.<Task>of();
                }
                int most = AgentInstance.maxParallelTasks(
                        instances.worker(tx, instance).orElseThrow().definition());
                List<Task> next = tasks.begin(tx, instance, most, clock.instant());
                next.forEach(task -> events.tell(tx, task));
                return next;
            });
            begun.forEach(task -> fly(new Flight(task.id(), instance, fence)));
        } catch (InstanceLeases.LostException e) {
            held.remove(instance);
        }
    }

    private void cancelQueued(UUID instance, long fence) {
        try {
            jdbi.useTransaction(tx -> {
                leases.require(tx, instance, replica, fence);
                end.notBegun(tx, instance, "Cancelled: " + TaskEnd.STOPPED);
            });
            signal.wake();
        } catch (InstanceLeases.LostException e) {
            held.remove(instance);
        }
    }

    private void fly(Flight flight) {
        if (flights.size() >= MAX_UNDER_WAY || flights.putIfAbsent(flight.task, flight) != null) {
            return;
        }
        Thread.ofVirtual().name("task-" + flight.task).start(() -> {
            try {
                while (!stopping && run.advance(replica, flight)) {
                    LOG.tracef("task %s goes on", flight.task);
                }
            } catch (InstanceLeases.LostException e) {
                LOG.infof("task %s is left to others: %s", flight.task, e.getMessage());
            } catch (RuntimeException | Error e) {
                if (!stopping) {
                    LOG.warnf(e, "task %s could not go on, it is tried again", flight.task);
                    rest();
                }
            } finally {
                flights.remove(flight.task);
                signal.wake();
            }
        });
    }
}
