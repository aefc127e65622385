package io.skein.orchestrator.dispatch;

import io.skein.lockclient.Lock;
import io.skein.lockclient.LockCalls;
import io.skein.lockclient.LockRefusedException;
import io.skein.lockclient.LockRequest;
import io.skein.orchestrator.plan.Plan;
import io.skein.platform.http.Trace;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/** The locks on the hosts a plan touches, as the lock service gives them. */
@ApplicationScoped
class HostLocks {

    private static final Logger LOG = Logger.getLogger(HostLocks.class);
    private static final int CONFLICT = 409;

    @Inject
    LockCalls locks;

    @Inject
    DispatchConfig config;

    @Inject
    Clock clock;

    /** How an attempt ended. */
    sealed interface Attempt {
        /** {@code expiresAt} is by this machine's clock, counted from when the request was sent. */
        record Held(String id, Instant expiresAt, Map<String, Long> tokens) implements Attempt {}

        /** Somebody else has it; {@code reason} says who, for a person. */
        record Taken(String reason) implements Attempt {}

        /** It ran out before it was renewed. */
        record Lost() implements Attempt {}

        record Unreachable(String reason) implements Attempt {}
    }

    static List<String> resources(List<String> hosts) {
        return hosts.stream().map(host -> "host:" + host).distinct().sorted().toList();
    }

    Attempt acquire(Plan plan, List<String> hosts) {
        String request = plan.lockAttempt() == 0 ? plan.id().toString() : plan.id() + "/" + plan.lockAttempt();
        Instant sent = clock.instant();
        try {
            Lock lock = locks.inTrace(trace(plan))
                    .acquire(
                            LockRequest.of(resources(hosts))
                                    .withOwner("plan", owner(plan), plan.team())
                                    .withPriority(plan.priority())
                                    .withTtl(config.lockTtl())
                                    .withRequestId(request)
                                    .withMetadata(Map.of("plan", plan.id().toString())),
                            Duration.ZERO)
                    .lock();
            return new Attempt.Held(lock.id(), until(lock, sent), lock.fencingTokens());
        } catch (LockRefusedException e) {
            if (e.status() == CONFLICT) {
                return new Attempt.Taken("Waiting for the lock on " + String.join(", ", hosts) + heldBy(e));
            }
            LOG.warnf("lock service answered %d for plan %s: %s", e.status(), plan.id(), e.getMessage());
            return new Attempt.Unreachable("Waiting: the lock service answered with status " + e.status());
        } catch (RuntimeException e) {
            LOG.debugf("lock service: %s", e.getMessage());
            return new Attempt.Unreachable("Waiting: the lock service does not answer");
        }
    }

    Attempt renew(Plan plan) {
        Instant sent = clock.instant();
        try {
            Lock lock = locks.inTrace(trace(plan)).renew(plan.lockId(), config.lockTtl());
            return new Attempt.Held(lock.id(), until(lock, sent), lock.fencingTokens());
        } catch (LockRefusedException e) {
            return e.isOver()
                    ? new Attempt.Lost()
                    : new Attempt.Unreachable("the lock service answered with status " + e.status());
        } catch (RuntimeException e) {
            return new Attempt.Unreachable("the lock service does not answer");
        }
    }

    /** The lock service's times are its database's, and this machine's clock may be another. */
    private static Instant until(Lock lock, Instant sent) {
        return lock.remainingMillis() == null ? lock.expiresAt() : sent.plusMillis(lock.remainingMillis());
    }

    /** True when the plan's lock is gone, by us or before. */
    boolean release(Plan plan) {
        try {
            locks.inTrace(trace(plan)).release(plan.lockId());
            return true;
        } catch (LockRefusedException e) {
            return e.isOver();
        } catch (RuntimeException e) {
            LOG.debugf("lock %s not released yet: %s", plan.lockId(), e.getMessage());
            return false;
        }
    }

    private static String trace(Plan plan) {
        return Trace.traceparent(plan.traceId() == null ? Trace.newId() : plan.traceId());
    }

    static String owner(Plan plan) {
        return "plan:" + plan.id();
    }

    private static String heldBy(LockRefusedException refused) {
        String owner = refused.holder().path("ownerId").asText("");
        if (owner.isEmpty()) {
            return ", held by somebody else";
        }
        return ", held by " + (owner.startsWith("plan:") ? "plan " + owner.substring("plan:".length()) : owner);
    }
}
