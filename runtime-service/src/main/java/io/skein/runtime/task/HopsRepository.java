package io.skein.runtime.task;

import io.skein.runtime.log.LoggedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/**
 * How many agents in a row led to an event. The runtime's own events say so themselves; another service tells of a lock that a task was
 * granted or of a plan it asked for without knowing, so that is looked up: an agent that a lock wakes and that takes a lock would go
 * on for ever.
 */
@ApplicationScoped
class HopsRepository {

    private static final String AGENT = "agent:";

    /** Of a lock: the agent and its task. */
    private static final Pattern OWNER =
            Pattern.compile("agent:([a-z0-9-]{1,64})/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    /** 0 when none did. */
    int behind(Handle tx, LoggedEvent event) {
        Matcher owner = OWNER.matcher(event.data().path("ownerId").asText());
        int known = event.hops();
        if (owner.matches()) {
            return Math.max(known, of(tx, "id = CAST(:key AS uuid)", event.team(), owner.group(1), owner.group(2)));
        }
        if (known == 0 && event.actor() != null && event.actor().startsWith(AGENT) && event.traceId() != null) {
            return of(tx, "trace_id = :key", event.team(), event.actor().substring(AGENT.length()), event.traceId());
        }
        return known;
    }

    private static int of(Handle tx, String which, String team, String agent, String key) {
        return tx.createQuery("SELECT coalesce(max(hops) + 1, 0) FROM task WHERE team = :team AND agent = :agent AND "
                        + which)
                .bind("team", team)
                .bind("agent", agent)
                .bind("key", key)
                .mapTo(Integer.class)
                .one();
    }
}
