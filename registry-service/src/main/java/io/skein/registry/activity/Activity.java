package io.skein.registry.activity;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Locale;

/**
 * What an agent is at in a team, and how its tasks went.
 *
 * @param status see {@link Status}
 * @param instances that were started and not stopped, failed ones included
 * @param running tasks that are begun and not ended
 * @param tasks that ended well or badly; cancelled ones say nothing about the agent
 * @param successRate 0..1, absent before the first task ended
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Activity(
        String status,
        int instances,
        int running,
        int queued,
        long tasks,
        long succeeded,
        long failed,
        long cancelled,
        Double successRate,
        Instant lastTaskAt) {

    /** In this order: the first that holds. */
    enum Status {
        /** An instance failed, and nobody has started it again. */
        ERROR,
        /** No instance. */
        OFFLINE,
        /** Every instance has as many tasks as it takes. */
        BUSY,
        /** It has tasks and could take more. */
        ACTIVE,
        /** It waits for something to do. */
        IDLE;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final Activity NONE = new Activity(Status.OFFLINE.wire(), 0, 0, 0, 0, 0, 0, 0, null, null);

    /** @param slots tasks one instance takes at once */
    Activity withSlots(int slots) {
        Status now = Status.valueOf(status.toUpperCase(Locale.ROOT));
        if (now == Status.IDLE && running + queued > 0) {
            now = running >= Math.max(1, instances) * Math.max(1, slots) ? Status.BUSY : Status.ACTIVE;
        }
        return new Activity(
                now.wire(), instances, running, queued, tasks, succeeded, failed, cancelled, successRate, lastTaskAt);
    }
}
