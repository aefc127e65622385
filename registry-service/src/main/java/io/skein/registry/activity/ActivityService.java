package io.skein.registry.activity;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.scheduler.Scheduled;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.MalformedMessageException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Follows the instances and tasks of agents. */
@ApplicationScoped
public class ActivityService {

    private static final String INSTANCE = "runtime.instance.";
    private static final String TASK = "runtime.task.";
    private static final int MAX_NAME = 200;

    /** An event about a task that ended longer ago than this is not expected any more. */
    private static final Duration KEPT = Duration.ofDays(7);

    private final ActivityRepository activities;
    private final Jdbi jdbi;
    private final Clock clock;

    @Inject
    ActivityService(ActivityRepository activities, Jdbi jdbi, Clock clock) {
        this.activities = activities;
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /**
     * What these agents are at in the team.
     *
     * @param slots tasks one instance takes at once, by agent
     */
    public Map<String, Activity> of(String team, Map<String, Integer> slots) {
        Map<String, Activity> found = jdbi.withHandle(handle -> activities.of(handle, team, slots.keySet()));
        Map<String, Activity> all = new HashMap<>();
        slots.forEach((agent, most) ->
                all.put(agent, found.getOrDefault(agent, Activity.NONE).withSlots(most)));
        return all;
    }

    /** Takes in what the runtime tells; the inbox sees to it that each counts once. */
    void told(Handle tx, SkeinEvent event) {
        String type = event.type();
        if (type.startsWith(INSTANCE)) {
            instance(tx, event, type.substring(INSTANCE.length()));
        } else if (type.startsWith(TASK)) {
            task(tx, event, type.substring(TASK.length()));
        }
    }

    private void instance(Handle tx, SkeinEvent event, String what) {
        String state =
                switch (what) {
                    case "started", "resumed" -> "running";
                    case "paused", "stopped", "failed" -> what;
                    default -> null;
                };
        if (state != null) {
            activities.instance(
                    tx,
                    event.team(),
                    text(event.data(), "instanceId"),
                    text(event.data(), "agent"),
                    state,
                    event.time());
        }
    }

    private void task(Handle tx, SkeinEvent event, String what) {
        boolean ended =
                switch (what) {
                    case "succeeded", "failed", "cancelled" -> true;
                    default -> false;
                };
        boolean begun = what.equals("started") || what.equals("waiting");
        if (!ended && !begun && !what.equals("queued")) {
            return;
        }
        String agent = text(event.data(), "agent");
        boolean news =
                activities.task(tx, event.team(), text(event.data(), "taskId"), agent, begun, ended, event.time());
        if (news && ended) {
            activities.count(
                    tx,
                    event.team(),
                    agent,
                    what.equals("succeeded") ? 1 : 0,
                    what.equals("failed") ? 1 : 0,
                    what.equals("cancelled") ? 1 : 0,
                    event.time());
        }
    }

    @Scheduled(every = "1h", delayed = "10m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void forget() {
        jdbi.useTransaction(tx -> activities.forget(tx, clock.instant().minus(KEPT)));
    }

    private static String text(JsonNode data, String member) {
        String text = data.path(member).asText();
        if (text.isBlank() || text.length() > MAX_NAME || text.indexOf('\0') >= 0) {
            throw new MalformedMessageException("data." + member + " is missing or too long", null);
        }
        return text;
    }
}
