package io.skein.runtime.skill;

import io.skein.lockclient.Lock;
import io.skein.lockclient.LockCalls;
import io.skein.lockclient.LockRefusedException;
import io.skein.lockclient.LockRequest;
import io.skein.lockclient.Place;
import io.skein.platform.http.Trace;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The locks of tasks, as the lock service has them: the owner is the agent and its task, the request id the step. */
@ApplicationScoped
class TaskLocks {

    /** Renewed several times in it; when nobody does, because every replica is gone, the lock is free after that. */
    private static final Duration TTL = Duration.ofSeconds(60);

    /** How long a call waits. The place in the queue is kept between two of them, for as long as the task has time. */
    private static final Duration WAIT = Duration.ofSeconds(20);

    private static final Duration MAX_PATIENCE = Duration.ofDays(1);
    private static final String RELEASED = "released";

    private final LockCalls locks;
    private final Clock clock;

    @Inject
    TaskLocks(LockCalls locks, Clock clock) {
        this.locks = locks;
        this.clock = clock;
    }

    static String owner(SkillCall call) {
        return call.actor() + "/" + call.taskId();
    }

    /** Empty while it waits: come back within half a minute, with the same call. */
    Optional<Lock> acquire(SkillCall call, List<String> resources, String priority) {
        Duration patience = patience(call);
        Place place = in(call).acquire(
                        LockRequest.of(resources)
                                .withOwner("agent", owner(call), call.team())
                                .withTtl(TTL)
                                .withPriority(priority)
                                .withPatience(patience)
                                .withRequestId(call.key())
                                .withMetadata(Map.of("task", call.taskId().toString())),
                        patience.compareTo(WAIT) < 0 ? patience : WAIT);
        return Optional.ofNullable(place.lock());
    }

    /** Nobody stands there longer than the task may. */
    private Duration patience(SkillCall call) {
        long left = Duration.between(clock.instant(), call.deadline()).toSeconds();
        return Duration.ofSeconds(Math.clamp(left, 0, MAX_PATIENCE.toSeconds()));
    }

    Skill.Kept renew(SkillCall call, String id) {
        try {
            in(call).renew(id, TTL);
            return Skill.Kept.HELD;
        } catch (LockRefusedException e) {
            if (!e.isOver()) {
                return Skill.Kept.HELD;
            }
            return e.lockStatus().equals(RELEASED) ? Skill.Kept.GIVEN_BACK : Skill.Kept.LOST;
        } catch (RuntimeException away) {
            return Skill.Kept.HELD;
        }
    }

    /** Those of the call's task. */
    List<Lock> held(SkillCall call) {
        return in(call).held(owner(call), call.team());
    }

    void release(SkillCall call, String id) {
        try {
            in(call).release(id);
        } catch (LockRefusedException e) {
            if (!e.isOver()) {
                throw e;
            }
        }
    }

    /** Gives up what the call's step stands in the queue for, and what it was granted meanwhile. */
    void withdraw(SkillCall call, List<String> resources) {
        for (String resource : resources) {
            in(call).queue(resource, call.team()).stream()
                    .filter(waiter -> owner(call).equals(waiter.ownerId()))
                    .forEach(waiter -> leave(call, waiter.id()));
        }
        held(call).stream()
                .filter(lock -> call.key().equals(lock.requestId()))
                .forEach(lock -> release(call, lock.id()));
    }

    private void leave(SkillCall call, String waiter) {
        try {
            in(call).leaveQueue(waiter);
        } catch (LockRefusedException e) {
            // Granted, or gone, in this very moment.
            if (!e.isOver()) {
                throw e;
            }
        }
    }

    private LockCalls in(SkillCall call) {
        return locks.inTrace(Trace.traceparent(call.traceId()));
    }
}
