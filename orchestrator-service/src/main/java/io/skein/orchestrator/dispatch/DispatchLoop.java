package io.skein.orchestrator.dispatch;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.skein.orchestrator.again.Continuation;
import io.skein.orchestrator.dispatch.HostLocks.Attempt;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanFacts;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.PlanStatus;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.orchestrator.routing.Fleet;
import io.skein.orchestrator.routing.LiveAgents;
import io.skein.platform.problem.ProblemException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Looks after every plan that wants attention ({@code attend_at} has come). A plan is claimed for a few seconds, so that
 * several processes share the work; a claim that outlives its process runs out by itself.
 *
 * <pre>
 *  claim ──► lock the hosts / renew the lock (REST, no transaction open) ──► one transaction: note the lock, advance, unclaim
 * </pre>
 *
 * <p>Crash anywhere: the lock was asked for under the plan's name, so asking again gives the same one; what the transaction
 * did not commit did not happen.
 */
@ApplicationScoped
public class DispatchLoop {

    private static final Logger LOG = Logger.getLogger(DispatchLoop.class);
    private static final int AT_ONCE = 4;
    private static final Executor BACKGROUND =
            task -> Thread.ofVirtual().name("dispatch-fleet").start(task);

    @Inject
    Jdbi jdbi;

    @Inject
    PlanRepository plans;

    @Inject
    StepRepository steps;

    @Inject
    PlanJournal journal;

    @Inject
    HostLocks locks;

    @Inject
    PlanRun run;

    @Inject
    Continuation again;

    @Inject
    LiveAgents liveAgents;

    @Inject
    DispatchConfig config;

    @Inject
    Clock clock;

    private final Semaphore wake = new Semaphore(0);
    private final Semaphore slots = new Semaphore(AT_ONCE);
    private volatile boolean stopping;
    private Thread thread;

    void start(@Observes @Priority(3100) StartupEvent event) {
        if (config.enabled()) {
            thread = Thread.ofPlatform().name("dispatch").daemon().start(this::loop);
        }
    }

    void stop(@Observes @Priority(50) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        wake.release();
        // Whoever is in the middle of a plan finishes it; nothing new is begun.
        if (!slots.tryAcquire(AT_ONCE, 5, TimeUnit.SECONDS)) {
            LOG.warn("stopping while a plan is being looked at; another process or the next start goes on with it");
        }
    }

    /** A plan wants attention now; call after the commit that says so. */
    public void wake() {
        wake.release();
    }

    private void loop() {
        boolean failing = false;
        while (!stopping) {
            try {
                claimAll();
                failing = false;
                if (wake.tryAcquire(config.pollInterval().toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                if (!failing) {
                    LOG.warnf("plans cannot be looked after right now, trying every second: %s", e.getMessage());
                    failing = true;
                }
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(config.pollInterval().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void claimAll() throws InterruptedException {
        while (!stopping) {
            slots.acquire();
            Optional<UUID> claimed = Optional.empty();
            try {
                Instant now = clock.instant();
                claimed = jdbi.inTransaction(tx -> plans.claim(tx, now, now.plus(config.claimTime())));
            } finally {
                if (claimed.isEmpty()) {
                    slots.release();
                }
            }
            if (claimed.isEmpty()) {
                return;
            }
            UUID planId = claimed.get();
            Thread.ofVirtual().name("plan-" + planId).start(() -> look(planId));
        }
    }

    private void look(UUID planId) {
        try {
            attendTo(planId);
        } catch (RuntimeException e) {
            LOG.errorf(e, "plan %s could not be looked after; it is tried again when the claim has run out", planId);
        } finally {
            slots.release();
            wake.release();
        }
    }

    void attendTo(UUID planId) {
        Plan seen = jdbi.withHandle(handle -> plans.find(handle, planId)).orElseThrow();
        if (seen.status().isTerminal()) {
            release(seen);
            return;
        }
        Optional<PlanFacts.Lapsed> lapsed = jdbi.withHandle(handle -> again.lapsed(handle, seen));
        if (lapsed.isPresent()) {
            askAgain(seen, lapsed.get());
            return;
        }
        if (seen.status().isUndecided()) {
            release(seen);
            return;
        }
        // Both ask other services; one after the other would be felt between the approval and the first task.
        CompletableFuture<Fleet> asked = CompletableFuture.supplyAsync(liveAgents::fleet, BACKGROUND);
        Attempt attempt = lock(seen);
        Fleet fleet = asked.join();
        jdbi.useTransaction(tx -> {
            Plan plan = plans.lock(tx, planId).orElseThrow();
            if (attempt != null) {
                plan = noteLock(tx, plan, seen, attempt);
            }
            plans.attended(tx, planId, goOn(tx, plan, fleet));
        });
    }

    /** Returns when to look again, or null when nobody needs to. */
    private Instant goOn(Handle tx, Plan plan, Fleet fleet) {
        if (plan.status() == PlanStatus.RUNNING || plan.status() == PlanStatus.PAUSED) {
            return run.advance(tx, plan, fleet);
        }
        if (plan.status().isTerminal()) {
            return plan.lockId() == null ? null : clock.instant();
        }
        return clock.instant().plus(config.retryInterval());
    }

    /** What the repository holds now has to be known for that; until it is the plan waits. */
    private void askAgain(Plan seen, PlanFacts.Lapsed why) {
        String obstacle = null;
        try {
            again.askAgain(seen, why);
        } catch (ProblemException e) {
            LOG.infof("plan %s cannot ask again yet: %s", seen.id(), e.getMessage());
            obstacle = e.getMessage();
        }
        String waiting = obstacle;
        jdbi.useTransaction(tx -> {
            Plan plan = plans.lock(tx, seen.id()).orElseThrow();
            if (waiting != null) {
                journal.waiting(tx, plan, why.reason() + ". It asks again as soon as it can: " + waiting);
            }
            plans.attended(
                    tx,
                    plan.id(),
                    waiting == null
                            ? clock.instant()
                            : clock.instant().plus(config.retryInterval().multipliedBy(10)));
        });
    }

    private Attempt lock(Plan plan) {
        if (plan.lockId() != null) {
            boolean due = !run.renewAt(plan).isAfter(clock.instant());
            return due ? locks.renew(plan) : null;
        }
        if (plan.status() != PlanStatus.APPROVED && plan.status() != PlanStatus.RUNNING) {
            return null;
        }
        return locks.acquire(plan, openHosts(plan));
    }

    private List<String> openHosts(Plan plan) {
        return jdbi.withHandle(handle -> steps.ofPlan(handle, plan.id(), plan.version())).stream()
                .filter(step -> !step.status().isTerminal())
                .map(Step::spec)
                .flatMap(spec -> spec.hosts().stream())
                .distinct()
                .sorted()
                .toList();
    }

    private Plan noteLock(Handle tx, Plan plan, Plan seen, Attempt attempt) {
        boolean renewal = seen.lockId() != null;
        switch (attempt) {
            case Attempt.Held held when renewal -> plans.renewed(tx, plan.id(), held.id(), held.expiresAt());
            case Attempt.Held held -> {
                // Also when the plan ended meanwhile: then the note is what makes somebody release it.
                Plan locked = plans.locked(tx, plan.id(), held.id(), held.expiresAt(), held.tokens());
                if (locked.status() == PlanStatus.APPROVED) {
                    return journal.plan(tx, locked, PlanStatus.RUNNING, null, journal.service(locked));
                }
                if (locked.status() == PlanStatus.RUNNING) {
                    journal.waiting(tx, locked, null);
                }
            }
            case Attempt.Taken taken -> journal.waiting(tx, plan, taken.reason());
            case Attempt.Lost ignored -> lost(tx, plan, seen.lockId());
            case Attempt.Unreachable unreachable
            when renewal -> {
                if (!seen.lockExpiresAt().isAfter(clock.instant())) {
                    lost(tx, plan, seen.lockId());
                }
            }
            case Attempt.Unreachable unreachable -> journal.waiting(tx, plan, unreachable.reason());
        }
        return plans.find(tx, plan.id()).orElseThrow();
    }

    private void lost(Handle tx, Plan plan, String lockId) {
        LOG.warnf("plan %s lost its lock %s; nothing more is started until it has a new one", plan.id(), lockId);
        plans.unlocked(tx, plan.id(), lockId);
        journal.waiting(tx, plan, "The lock on the hosts ran out; nothing more is started until it is held again");
    }

    private void release(Plan plan) {
        boolean gone = plan.lockId() == null || locks.release(plan);
        jdbi.useTransaction(tx -> {
            Plan now = plans.lock(tx, plan.id()).orElseThrow();
            if (gone && plan.lockId() != null) {
                plans.unlocked(tx, plan.id(), plan.lockId());
            }
            // A lock that cannot be given back runs out by itself; trying longer than that is pointless.
            boolean tryAgain = !gone && plan.lockExpiresAt().isAfter(clock.instant());
            Instant next = tryAgain ? clock.instant().plus(config.retryInterval()) : null;
            // Somebody may have approved or resumed it meanwhile.
            plans.attended(tx, plan.id(), now.status().isActive() ? clock.instant() : next);
        });
    }
}
