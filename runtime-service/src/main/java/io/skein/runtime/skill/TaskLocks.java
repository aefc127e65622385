package io.skein.runtime.skill;

import io.skein.platform.http.Trace;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** The locks of tasks, as the lock service has them: the owner is the agent and its task, the request id the step. */
@ApplicationScoped
class TaskLocks {

    /** Renewed several times in it; when nobody does, because every replica is gone, the lock is free after that. */
    private static final long TTL_SECONDS = 60;

    /** How long a call stands in the queue; the client's read timeout is longer. */
    private static final long WAIT_SECONDS = 20;

    private static final int MANY = 200;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final LockClient locks;

    @Inject
    TaskLocks(@RestClient LockClient locks) {
        this.locks = locks;
    }

    static String owner(SkillCall call) {
        return call.actor() + "/" + call.taskId();
    }

    LockClient.Lock acquire(SkillCall call, List<String> resources, String priority) {
        return locks.acquire(
                trace(call),
                new LockClient.Acquire(
                        resources,
                        owner(call),
                        "agent",
                        call.team(),
                        TTL_SECONDS,
                        priority,
                        WAIT_SECONDS,
                        call.key(),
                        Map.of("task", call.taskId().toString())));
    }

    Skill.Kept renew(SkillCall call, String id) {
        try {
            locks.renew(id, trace(call), new LockClient.Renew(TTL_SECONDS));
            return Skill.Kept.HELD;
        } catch (WebApplicationException e) {
            int status = e.getResponse().getStatus();
            if (status == CONFLICT) {
                return CallFailure.problem(e.getResponse())
                                .path("lockStatus")
                                .asText()
                                .equals("released")
                        ? Skill.Kept.GIVEN_BACK
                        : Skill.Kept.LOST;
            }
            return status == NOT_FOUND ? Skill.Kept.LOST : Skill.Kept.HELD;
        } catch (RuntimeException away) {
            return Skill.Kept.HELD;
        }
    }

    /** Those of the call's task. */
    List<LockClient.Lock> held(SkillCall call) {
        LockClient.Locks answer = locks.ofOwner(owner(call), call.team(), MANY);
        return answer == null || answer.items() == null ? List.of() : answer.items();
    }

    void release(SkillCall call, String id) {
        try {
            locks.release(id, trace(call));
        } catch (WebApplicationException e) {
            int status = e.getResponse().getStatus();
            if (status != NOT_FOUND && status != CONFLICT) {
                throw e;
            }
        }
    }

    /** Gives up what the call's step stands in the queue for, and what it was granted meanwhile. */
    void withdraw(SkillCall call, List<String> resources) {
        for (String resource : resources) {
            LockClient.Resource state = locks.resource(resource, call.team());
            if (state != null && state.queue() != null) {
                state.queue().stream()
                        .filter(waiter -> owner(call).equals(waiter.ownerId()))
                        .forEach(waiter -> leave(waiter.id()));
            }
        }
        held(call).stream()
                .filter(lock -> call.key().equals(lock.requestId()))
                .forEach(lock -> release(call, lock.id()));
    }

    private void leave(String waiter) {
        try {
            locks.leaveQueue(waiter);
        } catch (WebApplicationException e) {
            // Granted, or gone, in this very moment.
            if (e.getResponse().getStatus() != NOT_FOUND) {
                throw e;
            }
        }
    }

    private static String trace(SkillCall call) {
        return Trace.traceparent(call.traceId());
    }
}
